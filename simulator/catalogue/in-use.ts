import type { JsonObject } from '../json/object.ts';
import { stringOf } from '../json/object.ts';
import type { Refusal, TenantView } from './collection-type.ts';

/** Creates a check to refuse deletion while another object of the tenant contains the id. */
export function refuseWhileInUse(
  complaint: string,
): (stored: JsonObject, tenant: TenantView) => Refusal {
  return (stored, tenant) => (isMentioned(stringOf(stored, 'id') ?? '', tenant) ? complaint : null);
}

/** True if any other object of the tenant contains the id. */
function isMentioned(id: string, { store, tenantId }: TenantView): boolean {
  const quoted = JSON.stringify(id);
  return store
    .paths(tenantId)
    .some((path) =>
      store.list(tenantId, path).some((object) => object.id !== id && object.text.includes(quoted)),
    );
}
