import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUser, wholeList } from '#test/e2e/support/api-user.ts';
import { itemsOf, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import { installIntuneCd } from '#test/peers/support/intunecd-install.ts';
import { backUpByIntuneCd, filesById, type IntuneCdRun } from '#test/peers/support/intunecd.ts';
import { sharedTypes } from '#test/peers/support/shared-types.ts';
import { generateTenant, policiesMin } from '#test/support/generated-tenant.ts';

const tenantName = 'Alpine Ski House';
const workers = 10;
const seedBatch = 100;
/** About ten seconds on an idle machine. */
const backupSecondsMax = 180;

/** The first use installs the pinned tool, which takes longer than jest's time limit for a test. */
const installation = await installIntuneCd();

interface BackupItem {
  readonly policyType: string;
  readonly graphId: string;
}

interface BackupSet {
  readonly manifest: {
    readonly complete: boolean;
    readonly types: readonly { type: string; listed: number; captured: number; failed: number }[];
  };
}

let under: StackUnderTest;
let operator: ApiUser;
let folder: string;
let theirs: IntuneCdRun;
let files: Map<string, string>;
let ours: BackupItem[];

async function backUpByUs(): Promise<BackupItem[]> {
  const body = { name: 'Beside IntuneCD', all: true };
  const start = await started(operator.call('POST', '/tenants/{t}/backup-sets', body));
  const run = await untilEnded(operator, start.run.id, backupSecondsMax);
  const path = `/tenants/{t}/backup-sets/${run.target?.id}`;
  const { manifest } = (await operator.call('GET', path)).json<BackupSet>();
  const lacking = manifest.types.filter(({ failed }) => failed > 0);
  const items = await itemsOf(operator, run.id);
  const errors = items.flatMap(({ policyType, error }) => (error ? [{ policyType, error }] : []));
  expect({ status: run.status, complete: manifest.complete, lacking, errors }).toEqual({
    ...{ status: 'succeeded', complete: true, lacking: [], errors: [] },
  });
  return wholeList<BackupItem>(operator, `${path}/items`);
}

// Without Python there is no IntuneCD to compare with; test/run.ts counts and shows the reason.
if ('notRun' in installation) {
  it.todo(installation.notRun);
} else {
  const { packages } = installation;

  beforeAll(async () => {
    // At half of the limits, the default, conditional access would take half a minute.
    under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100' });
    folder = await mkdtemp(join(tmpdir(), 'tenantry-intunecd-'));
    operator = await under.signIn(tenantName, 'operator');
    // A reference to a deleted object makes IntuneCD give up a whole type; the benchmark shows that, this test does
    // not.
    const objects = generateTenant({ policies: policiesMin, seed: 1, dangling: false });
    for (let first = 0; first < objects.length; first += seedBatch) {
      const batch = objects.slice(first, first + seedBatch);
      await under.simulator.control('POST', `/tenants/${operator.tenantId}/objects`, batch);
    }
    theirs = await backUpByIntuneCd({
      ...{ packages, folder, workers, tenantId: operator.tenantId },
      address: under.stack.simulatorUrl,
      client: {
        id: under.stack.env['ENTRA_CLIENT_ID'] ?? '',
        secret: under.stack.env['ENTRA_CLIENT_SECRET'] ?? '',
      },
    });
    files = await filesById(folder);
    ours = await backUpByUs();
  }, 240_000);

  afterAll(async () => {
    await under.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  describe('IntuneCD from PyPI, told nothing but another address,', () => {
    // Catches: an answer of the simulator that suits our client only.
    it('backs up a tenant of the simulator without an error', () => {
      expect(theirs).toMatchObject({ exitCode: 0, complaints: [] });
    });

    // Catches: an object missing from our backup, and an object that the simulator shows to one client only.
    it.each(sharedTypes)('finds the same objects of type %s as our own backup', (type) => {
      const ids = ours
        .filter(({ policyType }) => policyType === type)
        .map(({ graphId }) => graphId);
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.filter((id) => !files.has(id))).toEqual([]);
    });

    // Catches: a type of IntuneCD missing from our catalogue.
    it('finds no object missing from our backup', () => {
      const known = new Set(ours.map(({ graphId }) => graphId));
      const more = [...files].filter(([id]) => !known.has(id)).map(([, file]) => file);
      expect(more.filter((file) => !isNoPolicy(file))).toEqual([]);
    });
  });
}

/**
 * IntuneCD's objects besides policies: accounts, the default scope tag, and Apple's enrollment profiles, which our
 * backup stores inside their token.
 */
const otherFolders = [
  'Apple Push Notification/',
  'Apple VPP Tokens/',
  'Enrollment Profiles/Apple/',
  'Managed Google Play/',
  'Partner Connections/',
];

function isNoPolicy(file: string): boolean {
  const other = otherFolders.some((folder) => file.startsWith(folder));
  return other || file === 'Scope Tags/Default__0.json';
}
