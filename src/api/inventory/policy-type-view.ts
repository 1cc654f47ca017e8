import { z } from 'zod';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';

export const policyTypeSchema = z.strictObject({
  type: z.string(),
  displayName: z.string(),
  collection: z.string().describe("Graph's path under the version"),
  capture: z.boolean(),
  restore: z.boolean(),
  assignments: z.boolean(),
});

export function toPolicyTypeView(policyType: PolicyType): z.output<typeof policyTypeSchema> {
  return {
    type: policyType.type,
    displayName: policyType.displayName,
    collection: policyType.collection,
    capture: true,
    restore: policyType.restore !== null,
    assignments: policyType.assignments !== null,
  };
}
