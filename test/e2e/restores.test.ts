import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Notification, Run } from '#test/e2e/support/api-types.ts';
import { type ApiUser, expectAnswer, wholeList } from '#test/e2e/support/api-user.ts';
import { backUp, newestCall } from '#test/e2e/support/backups.ts';
import { catalogPolicyText } from '#test/e2e/support/catalog-policy.ts';
import { runToEnd, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { newTenant } from '#test/e2e/support/new-tenant.ts';
import {
  auditOf,
  facts,
  outcomesOf,
  policyName,
  previewOf,
} from '#test/e2e/support/restore-facts.ts';
import type { StoredObject } from '#test/e2e/support/simulator-control.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

const catalogPath = '/deviceManagement/configurationPolicies';
/** The group in the assignments of the source, and its counterpart in the other tenant. */
const pilots = { id: '00000000-0000-4000-8000-000000000000', displayName: 'Pilots' };
const testers = { id: '00000000-0000-4000-8000-00000000beef', displayName: 'Testers' };
const names = ['Changed', 'Gone', 'Same'];
/** Keeps a restore active while the test starts others. */
const slowGraphMs = 2_000;

let under: StackUnderTest;
let manager: ApiUser;
let other: ApiUser;
let backupSetId: string;
let before: readonly StoredObject[];

beforeAll(async () => {
  under = await startStackUnderTest();
  manager = await newTenant(under, 'Restored');
  other = await newTenant(under, 'Another');
  await under.simulator.seed(manager.tenantId, '/groups', [JSON.stringify(pilots)]);
  await under.simulator.seed(other.tenantId, '/groups', [JSON.stringify(testers)]);
  const texts = names.map((name) => catalogPolicyText(name, { settings: 2, assignments: 1 }));
  await under.simulator.seed(manager.tenantId, catalogPath, texts);
  for (const user of [manager, other]) await runToEnd(user, '/tenants/{t}/directory-syncs');
  const { run, set } = await backUp(manager, { name: 'Before', types: ['settingsCatalogPolicy'] });
  expect(run.status).toBe('succeeded');
  backupSetId = set.id;
  before = await policiesOf(manager);
}, 120_000);

afterAll(() => under.stop(), 60_000);

/** The policies of a user's tenant in Graph, by name. */
async function policiesOf({ tenantId }: ApiUser): Promise<StoredObject[]> {
  const stored = await under.simulator.objects(tenantId);
  const policies = stored.filter(({ path }) => path === catalogPath);
  return policies.toSorted((a, b) => (policyName(a) < policyName(b) ? -1 : 1));
}

/** Changes or deletes a policy of the backup behind the product's back. */
async function mutate(name: string, change: object): Promise<void> {
  const id = before.find((each) => policyName(each) === name)?.id;
  const order = { path: catalogPath, id, ...change };
  await under.simulator.control('POST', `/tenants/${manager.tenantId}/mutate`, order);
}

/** The product's writes to Graph in the backup's tenant, since a number of the log. */
async function writesSince(since: number): Promise<string[]> {
  const calls = await under.simulator.requests(since);
  return calls
    .filter(({ tenant, method, path }) => {
      const isRead = method === 'GET' || path.endsWith('$batch');
      return tenant === manager.tenantId && !isRead;
    })
    .map(({ method }) => method)
    .toSorted();
}

describe('a restore of a preview', () => {
  let preview: Run;
  let restore: Run;

  // Catches: a preview that writes, changes that differ from the restore, groups shown without the cache's names.
  it('shows each item and writes no object', async () => {
    await mutate('Gone', { delete: true });
    await mutate('Changed', { set: { description: 'By hand', assignments: [] } });
    const since = await newestCall(under);
    preview = await runToEnd(manager, '/tenants/{t}/restore-previews', { backupSetId });
    expect(preview).toMatchObject({ status: 'succeeded', counts: { total: 3, succeeded: 3 } });
    const { items } = await previewOf(manager, preview);
    const actions = Object.fromEntries(items.map((item) => [item.displayName, item.action]));
    expect(actions).toEqual({ Gone: 'create', Changed: 'update', Same: 'none' });
    const changed = items.find(({ displayName }) => displayName === 'Changed');
    const change = { path: 'item.description', before: 'By hand', after: 'Made by a test' };
    expect(changed?.changes).toContainEqual(change);
    const assigned = { groupId: pilots.id, groupDisplayName: pilots.displayName };
    expect(changed?.assignments).toMatchObject({ before: [], after: [assigned] });
    expect(await writesSince(since)).toEqual([]);
  });

  // Catches: two concurrent restores of a tenant, a refusal without the active run, the same restore refused or begun
  // twice.
  it('is carried out alone in its tenant', async () => {
    const since = await newestCall(under);
    const match = { tenant: manager.tenantId, method: 'POST', path: `${catalogPath}$` };
    await under.simulator.faults([{ match, times: 1, effect: { delayMs: slowGraphMs } }]);
    const body = { backupSetId, previewRunId: preview.id };
    const begun = await started(manager.call('POST', '/tenants/{t}/restores', body));
    const second = await manager.call('POST', '/tenants/{t}/restores', { backupSetId });
    expect(second.status).toBe(409);
    expect(second.json<{ code: string }>().code).toBe('conflict');
    expect(second.text).toContain(begun.run.id);
    const same = await started(manager.call('POST', '/tenants/{t}/restores', body));
    expect(same).toMatchObject({ reused: true, run: { id: begun.run.id } });
    restore = await untilEnded(manager, begun.run.id);
    expect(restore.status).toBe('succeeded');
    // The restore creates one policy, changes one, and assigns both.
    expect(await writesSince(since)).toEqual(['POST', 'POST', 'POST', 'PUT']);
  });

  // Catches: wrong outcomes, an end without a notification or an audit event.
  it('matches its preview, and its starter is notified and the audit trail has it', async () => {
    expect(await outcomesOf(manager, restore)).toEqual({
      ...{ Gone: 'create succeeded', Changed: 'update succeeded', Same: 'none succeeded' },
    });
    expect(facts(await policiesOf(manager))).toEqual(facts(before));
    const told = await wholeList<Notification>(manager, '/notifications');
    const kinds = told.filter(({ runId }) => runId === restore.id).map(({ kind }) => kind);
    expect(kinds).toEqual(['run.succeeded', 'run.running', 'run.queued']);
    const [ended, begun, ...others] = await auditOf(manager, restore);
    const from = { backupSetId, previewRunId: preview.id, tenantId: manager.tenantId };
    expect(begun).toMatchObject({ action: 'restore.started', details: { from } });
    expect(ended).toMatchObject({
      action: 'restore.ended',
      details: { status: 'succeeded', counts: { total: 3, succeeded: 3, failed: 0, skipped: 0 } },
    });
    expect(others).toEqual([]);
    const drift = await runToEnd(manager, '/tenants/{t}/drift-checks', { backupSetId });
    const { items } = await previewOf(manager, drift);
    expect(items.map(({ action }) => action)).toEqual(['none', 'none', 'none']);
  });

  // Catches: an undo that restores the backup, leaves created objects although told to delete them, or leaves no
  // audit event.
  it('is undone to the state before it', async () => {
    const path = `/tenants/{t}/runs/${restore.id}/undo`;
    const undo = await runToEnd(manager, path, { deleteCreated: true });
    expect(undo).toMatchObject({ status: 'succeeded', operationType: 'restore.undo' });
    expect(await outcomesOf(manager, undo)).toEqual({
      ...{ Gone: 'delete succeeded', Changed: 'update succeeded' },
    });
    const left = facts(await policiesOf(manager));
    expect(left.map(({ name }) => name)).toEqual(['Changed', 'Same']);
    expect(left[0]).toMatchObject({ description: 'By hand', targets: [] });
    const actions = (await auditOf(manager, undo)).map(({ action }) => action);
    expect(actions).toEqual(['restore.undo_ended', 'restore.undo_started']);
  });
});

describe('a restore with a failed item', () => {
  // Catches: a refusal that stops the other items or is retried for ever, a re-run of all items or of none.
  it('is run again for that item alone', async () => {
    const match = { tenant: manager.tenantId, method: 'PUT', path: `${catalogPath}/[^/]+$` };
    await under.simulator.faults([{ match, times: 1, effect: { status: 403 } }]);
    const first = await runToEnd(manager, '/tenants/{t}/restores', { backupSetId });
    expect(first.status).toBe('partial');
    expect(await outcomesOf(manager, first)).toEqual({
      ...{ Gone: 'create succeeded', Same: 'none succeeded' },
      Changed: 'update failed graph_forbidden',
    });
    const reruns = `/tenants/{t}/runs/${first.id}/reruns`;
    const again = await runToEnd(manager, reruns, { only: 'failed' });
    expect(again).toMatchObject({ status: 'succeeded', operationType: 'restore.execute' });
    expect(await outcomesOf(manager, again)).toEqual({ Changed: 'update succeeded' });
    expect(facts(await policiesOf(manager))).toEqual(facts(before));
    const whole = await runToEnd(manager, reruns);
    expect(await outcomesOf(manager, whole)).toEqual(
      Object.fromEntries(names.map((name) => [name, 'none succeeded'])),
    );
  });
});

describe('a restore into another tenant', () => {
  // Catches: a start without rights in the source, assignments to the source's groups, the source's rows in the target's lists.
  it('needs rights in both tenants, and assigns to the mapped groups', async () => {
    const request = {
      ...{ backupSetId, sourceTenantId: manager.tenantId },
      groupMapping: { [pilots.id]: testers.id },
    };
    for (const path of ['restore-previews', 'restores']) {
      const refused = await other.call('POST', `/tenants/{t}/${path}`, request);
      expect(refused.status).toBe(403);
    }
    const { principalId } = await expectAnswer<{ principalId: string }>(other.call('GET', '/me'));
    const member = `/tenants/{t}/members/${encodeURIComponent(principalId)}`;
    await expectAnswer(manager.call('PUT', member, { role: 'operator' }), 200);
    const preview = await runToEnd(other, '/tenants/{t}/restore-previews', request);
    const { items } = await previewOf(other, preview);
    const assigned = { groupId: testers.id, groupDisplayName: testers.displayName };
    const after = items.map(({ assignments }) => assignments?.after);
    expect(after).toMatchObject(names.map(() => [assigned]));
    const restore = await runToEnd(other, '/tenants/{t}/restores', {
      ...{ ...request, previewRunId: preview.id },
    });
    expect(restore).toMatchObject({ status: 'succeeded', counts: { total: 3, succeeded: 3 } });
    const made = before.map((each) => ({ ...facts([each])[0], targets: [testers.id] }));
    expect(facts(await policiesOf(other))).toEqual(made);
    expect(await wholeList(other, '/tenants/{t}/backup-sets')).toEqual([]);
    const [, begun] = await auditOf(other, restore);
    expect(begun?.details).toMatchObject({ from: { tenantId: manager.tenantId } });
    expect(await auditOf(manager, restore)).toEqual([]);
  });
});
