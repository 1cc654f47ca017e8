import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runToEnd } from '#test/e2e/support/follow-run.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import { installIntuneCd } from '#test/peers/support/intunecd-install.ts';
import { backUpByIntuneCd } from '#test/peers/support/intunecd.ts';
import { unzip } from '#test/support/unzip.ts';

/** The first use installs the pinned tool, which takes longer than jest's time limit for a test. */
const installation = await installIntuneCd();

/** IntuneCD's files besides policies, and files with a name that a snapshot does not contain. */
const others =
  /^(?:Apple Push Notification|Applications|Assignment Report|Device Management Settings|Enrollment Profiles\/Apple|Managed Google Play|Management Intents)\/|^Scope Tags\/Default__0/;
/** Folders with only the policy in a file; the layout describes the additions in the others. */
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

/**
 * IntuneCD's path without the id: the test tells IntuneCD to append ids, our paths have them only for equal names.
 */
function withoutId(path: string): string {
  return path.replace(/__(?:[A-Z]_)?(?:[0-9a-f]{8}-[0-9a-f-]{27}(?:_\w+)?|\d+)(?=\.\w+$)/, '');
}

/** IntuneCD 2.6 loses the assignments after the first page, which has 25. */
const assignmentsMax = 25;

/** A policy without the ids of groups, because IntuneCD leaves out groups missing from the directory. */
function withoutGroupIds(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === 'groupId') return undefined;
    return key === 'assignments' && Array.isArray(value) ? value.slice(0, assignmentsMax) : value;
  });
}

// Without Python there is no IntuneCD to compare with; test/run.ts counts and shows the reason.
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
    // Catches: a folder or a name unlike IntuneCD's, which would end the history of every file there.
    it("has each file of IntuneCD at IntuneCD's path", () => {
      const policies = [...theirs.keys()].filter((path) => !others.test(path));
      expect(policies.length).toBeGreaterThan(50);
      expect(policies.filter((path) => !ours.has(withoutId(path)) && !ours.has(path))).toEqual([]);
    });

    // Catches: extra or missing members, ids in place of names, another order or another spelling.
    it("has IntuneCD's content in each file, names of groups included", () => {
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
