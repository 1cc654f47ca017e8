import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';
import type { ChildCollection, PolicyType } from '#domain/policy-types/policy-type.ts';
import type { RequestsByLimit } from './graph-floor.ts';
import { lengthOf, type SimulatorObject } from './seeded-tenant.ts';

/** Intune's largest page. */
const pageMax = 1_000;
const conditionalAccess = '/identity/conditionalAccess/';

/**
 * The least number of requests for a complete backup of some policies: the pages of each type's list, and for each
 * policy with an incomplete list entry one read, plus one for each part that Graph does not expand. The catalogue has
 * Graph's abilities. Further requests of the product, such as a second read of a suspicious answer, are not counted.
 */
export function neededRequests(
  items: readonly { readonly policyType: string; readonly graphId: string }[],
  objects: readonly SimulatorObject[],
): RequestsByLimit {
  const bodies = new Map(objects.map(({ id, body }) => [id, body]));
  const needed = { conditionalAccess: 0, others: 0 };
  const count = ({ collection }: PolicyType, requests: number) => {
    needed[collection.startsWith(conditionalAccess) ? 'conditionalAccess' : 'others'] += requests;
  };
  const byType = Map.groupBy(items, ({ policyType }) => policyType);
  for (const policyType of policyTypes) {
    const listed = byType.get(policyType.type)?.length ?? 0;
    count(policyType, Math.max(1, Math.ceil(listed / pageMax)));
  }
  for (const { policyType: type, graphId } of items) {
    const policyType = findPolicyType(type);
    if (policyType !== undefined) count(policyType, readsOf(policyType, bodies.get(graphId) ?? {}));
  }
  return needed;
}

type Body = SimulatorObject['body'];

function readsOf({ incremental, assignments, children }: PolicyType, body: Body): number {
  if (incremental.by === 'wholeEntry') return 0;
  const own = assignments === null || assignments.expandInItem ? 0 : 1;
  return children.reduce((sum, child) => sum + readsOfChild(child, body), 1 + own);
}

function readsOfChild({ when, expand, path, each }: ChildCollection, body: Body): number {
  if (when !== null && body[when.property] !== when.equals) return 0;
  return (expand === null ? 1 : 0) + each.length * lengthOf(body, path);
}
