import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Run, Started } from '#test/e2e/support/api-types.ts';
import { type ApiUser, expectAnswer, wholeList } from '#test/e2e/support/api-user.ts';
import { runToEnd, untilEnded } from '#test/e2e/support/follow-run.ts';
import { sendZip } from '#test/e2e/support/send-zip.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import { unzip } from '#test/support/unzip.ts';

interface Item {
  readonly policyType: string;
  readonly graphId: string;
  readonly sha256: string;
  readonly snapshotId: string;
}

interface BackupSet {
  readonly name: string;
  readonly itemCount: number;
  readonly manifest: { readonly contentHash: string };
}

const types = ['settingsCatalogPolicy', 'assignmentFilter', 'scopeTag'];

let under: StackUnderTest;
let operator: ApiUser;
let manager: ApiUser;
let backup: Run;

beforeAll(async () => {
  under = await startStackUnderTest();
  operator = await under.signIn('Alpine Ski House', 'operator');
  manager = await under.signIn('Alpine Ski House', 'manager');
  backup = await runToEnd(operator, '/tenants/{t}/backup-sets', { name: 'To travel', types });
}, 120_000);

afterAll(() => under.stop(), 60_000);

const setPath = (run: Run) => `/tenants/{t}/backup-sets/${run.target?.id}`;
const itemsIn = (run: Run) => wholeList<Item>(operator, `${setPath(run)}/items`);

async function download(format: string): Promise<Buffer> {
  const run = await runToEnd(operator, `${setPath(backup)}/exports`, { format });
  expect(run).toMatchObject({ status: 'succeeded', operationType: 'policies.export' });
  const answer = await operator.call('GET', `/tenants/{t}/exports/${run.id}`);
  expect(answer.status).toBe(200);
  return answer.bytes;
}

async function importZip(zip: Buffer): Promise<Run> {
  const { run } = await expectAnswer<Started>(sendZip(manager, under.stack.apiUrl, zip), 202);
  return untilEnded(manager, run.id);
}

describe('an exported backup set', () => {
  // Catches: a change of any byte on the way between the two databases.
  it('is the same set after download, upload and import', async () => {
    const zip = await download('tenantry');
    const run = await importZip(zip);
    expect(run).toMatchObject({ status: 'succeeded', operationType: 'policies.import' });
    const [old, made] = await Promise.all(
      [backup, run].map((one) => expectAnswer<BackupSet>(operator.call('GET', setPath(one)))),
    );
    expect(made).toMatchObject({ name: 'To travel', itemCount: old?.itemCount });
    expect(made?.manifest).toEqual(old?.manifest);
    const keyOf = ({ policyType, graphId, sha256 }: Item) => `${policyType} ${graphId} ${sha256}`;
    const [before, after] = [await itemsIn(backup), await itemsIn(run)];
    expect(after.map(keyOf).sort()).toEqual(before.map(keyOf).sort());
    // The same content has no difference, by the API's own diff.
    const same = after.find(({ graphId }) => graphId === before[0]?.graphId);
    const path = `/tenants/{t}/snapshots/${before[0]?.snapshotId}/diff?against=${same?.snapshotId}`;
    expect(await expectAnswer(operator.call('GET', path))).toMatchObject({ changes: [] });
  });

  it("survives IntuneCD's folder layout, too", async () => {
    const zip = await download('intunecd');
    const folders = [...(await unzip(zip)).keys()].map((path) => path.split('/')[0]);
    expect(new Set(folders)).toEqual(new Set(['Settings Catalog', 'Filters', 'Scope Tags']));
    const run = await importZip(zip);
    expect(run.status).toBe('succeeded');
    expect(await itemsIn(run)).toHaveLength((await itemsIn(backup)).length);
  });

  // Catches: an import that trusts the zip.
  it('is refused whole if its zip was changed on the way', async () => {
    const zip = await download('tenantry');
    const broken = Buffer.from(zip);
    broken.writeUInt8(broken.readUInt8(200) ^ 0xff, 200);
    const before = await wholeList(operator, '/tenants/{t}/backup-sets');
    const run = await importZip(broken);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'archive_rejected' } });
    expect(await wholeList(operator, '/tenants/{t}/backup-sets')).toEqual(before);
  });
});
