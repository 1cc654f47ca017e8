import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runToEnd } from '#test/e2e/support/follow-run.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import { installIntuneCd } from '#test/peers/support/intunecd-install.ts';
import { backUpByIntuneCd } from '#test/peers/support/intunecd.ts';
import { unzip } from '#test/support/unzip.ts';

/** The pinned tool may have to be installed first; that takes longer than jest gives a test. */
const installation = await installIntuneCd();

/** What IntuneCD writes besides policies, or under a name that a snapshot does not tell. */
const others =
  /^(?:Apple Push Notification|Applications|Assignment Report|Device Management Settings|Enrollment Profiles\/Apple|Managed Google Play|Management Intents)\/|^Scope Tags\/Default__0/;
/** Folders whose files hold no more than the policy: what others hold besides is told in the layout. */
const wholeFolders =
  /^(?:Settings Catalog|Device Categories|Filters|Scope Tags|Feature Updates|Quality Updates|Driver Updates|Proactive Remediations|Conditional Access|Scripts|Custom Attributes)\//;

let under: StackUnderTest;
let folder: string;
let theirs: Map<string, string>;
let ours: Map<string, string>;

async function filesIn(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (entry): Promise<[string, string]> => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(root.length + 1), await readFile(path, 'utf8')];
      }),
    ),
  );
}

/** A path of theirs without the id that they were told to put there, and which ours have only to tell names apart. */
function withoutId(path: string): string {
  return path.replace(/__(?:[A-Z]_)?(?:[0-9a-f]{8}-[0-9a-f-]{27}(?:_\w+)?|\d+)(?=\.\w+$)/, '');
}

/** IntuneCD 2.6 loses the assignments after the first page, which has 25. */
const assignmentsMax = 25;

/** A policy without the ids of groups: IntuneCD leaves those out that the directory does not have. */
function withoutGroupIds(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === 'groupId') return undefined;
    return key === 'assignments' && Array.isArray(value) ? value.slice(0, assignmentsMax) : value;
  });
}

// Without Python there is nothing to compare with. The sentence that says so is counted and shown by test/run.ts.
if ('notRun' in installation) {
  it.todo(installation.notRun);
} else {
  const { packages } = installation;

  beforeAll(async () => {
    under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100' });
    folder = await mkdtemp(join(tmpdir(), 'tenantry-layout-'));
    const operator = await under.signIn('Alpine Ski House', 'operator');
    await backUpByIntuneCd({
      ...{ packages, folder, workers: 10, tenantId: operator.tenantId },
      address: under.stack.simulatorUrl,
      client: {
        id: under.stack.env['ENTRA_CLIENT_ID'] ?? '',
        secret: under.stack.env['ENTRA_CLIENT_SECRET'] ?? '',
      },
    });
    theirs = await filesIn(folder);
    await runToEnd(operator, '/tenants/{t}/directory-syncs');
    const backup = await runToEnd(operator, '/tenants/{t}/backup-sets', { name: 'All', all: true });
    const path = `/tenants/{t}/backup-sets/${backup.target?.id}/exports`;
    const { id } = await runToEnd(operator, path, { format: 'intunecd' });
    const download = await operator.call('GET', `/tenants/{t}/exports/${id}`);
    const files = await unzip(download.bytes);
    ours = new Map([...files].map(([name, bytes]) => [name, bytes.toString('utf8')]));
  }, 120_000);

  afterAll(async () => {
    await under.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  describe("an export in IntuneCD's layout", () => {
    // Catches: a folder or a name that is not IntuneCD's, which would end the history of every file there.
    it('has each file of IntuneCD where IntuneCD writes it', () => {
      const policies = [...theirs.keys()].filter((path) => !others.test(path));
      expect(policies.length).toBeGreaterThan(50);
      expect(policies.filter((path) => !ours.has(withoutId(path)) && !ours.has(path))).toEqual([]);
    });

    // Catches: members left in or out, ids for names, another order or another spelling of the same.
    it('has in it what IntuneCD writes into it, names of groups included', () => {
      let compared = 0;
      let named = 0;
      for (const [path, text] of theirs) {
        const own = ours.get(withoutId(path));
        if (!wholeFolders.test(path) || others.test(path) || own === undefined) continue;
        compared += 1;
        if (text.includes('"groupName"')) named += 1;
        if (!path.endsWith('.json')) expect([path, own]).toEqual([path, text]);
        else expect([path, withoutGroupIds(own)]).toEqual([path, withoutGroupIds(text)]);
      }
      expect(compared).toBeGreaterThan(25);
      expect(named).toBeGreaterThan(5);
    });
  });
}
