import type { Policy } from './api-types.ts';
import { type ApiUser, wholeList } from './api-user.ts';
import { catalogPolicyText } from './catalog-policy.ts';
import { runToEnd } from './follow-run.ts';
import type { StackUnderTest } from './stack-under-test.ts';

/** Seeds small settings catalog policies and syncs them into the inventory. */
export async function madePolicies(
  { simulator }: StackUnderTest,
  operator: ApiUser,
  count: number,
): Promise<Policy[]> {
  const texts = Array.from({ length: count }, (_, at) =>
    catalogPolicyText(`Made ${at}`, { settings: 2, assignments: 1 }),
  );
  const path = '/deviceManagement/configurationPolicies';
  const seeded = new Set(
    (await simulator.seed(operator.tenantId, path, texts)).map(({ id }) => id),
  );
  const types = ['settingsCatalogPolicy'];
  const { status } = await runToEnd(operator, '/tenants/{t}/inventory-syncs', { types });
  if (status !== 'succeeded') throw new Error(`the sync ended as ${status}`);
  const policies = await wholeList<Policy>(
    operator,
    '/tenants/{t}/policies?type=settingsCatalogPolicy',
  );
  return policies.filter(({ graphId }) => seeded.has(graphId));
}

/** The path that starts captures of a policy. */
export function capturesPath(policy: Pick<Policy, 'id'> | undefined): string {
  if (policy === undefined) throw new Error('there is no such policy');
  return `/tenants/{t}/policies/${policy.id}/captures`;
}
