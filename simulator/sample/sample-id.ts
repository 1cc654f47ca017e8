import { stableGuid } from '../entra/claims.ts';

/** The id of a sample object: always the same for the same tenant and name. */
export function sampleId(tenantId: string, name: string): string {
  return stableGuid(`sample:${tenantId}:${name}`);
}
