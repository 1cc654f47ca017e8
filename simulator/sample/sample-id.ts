import { stableGuid } from '../entra/claims.ts';

/** Returns a sample object's id, always the same for a tenant and a name. */
export function sampleId(tenantId: string, name: string): string {
  return stableGuid(`sample:${tenantId}:${name}`);
}
