import type { SeedBody } from './object-maker.ts';
import { namedGuid } from './seeded-random.ts';

/** Enough groups for a policy with more than one page of 25 assignments. */
export const groupCount = 60;
const everyDynamic = 5;

/** The id of the `index`-th group of a generated tenant, modulo the number of groups. */
export function groupId(seed: number, index: number): string {
  return namedGuid(`${seed} group ${index % groupCount}`);
}

/** The groups of a generated tenant. */
export function groups(seed: number): { path: string; body: SeedBody }[] {
  return Array.from({ length: groupCount }, (_, index) => ({
    path: '/groups',
    body: {
      id: groupId(seed, index),
      displayName: `SG-Generated-${String(index + 1).padStart(3, '0')}`,
      description: index % 2 === 0 ? null : `Site ${index}`,
      ...(index % everyDynamic === 0
        ? {
            groupTypes: ['DynamicMembership'],
            membershipRule: `(user.department -eq "Department ${index}")`,
            membershipRuleProcessingState: 'On',
          }
        : {}),
    },
  }));
}
