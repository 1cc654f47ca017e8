import type { JsonObject } from '../json/object.ts';
import { stringOf } from '../json/object.ts';
import type { Refusal, TenantView } from './collection-type.ts';

/** A check that refuses to delete an object as long as another one of the tenant names its id. */
export function refuseWhileInUse(
  complaint: string,
): (stored: JsonObject, tenant: TenantView) => Refusal {
  return (stored, tenant) => (isMentioned(stringOf(stored, 'id') ?? '', tenant) ? complaint : null);
}

/** Whether any object of the tenant names the id, apart from the object itself. */
function isMentioned(id: string, { store, tenantId }: TenantView): boolean {
  const quoted = JSON.stringify(id);
  return store
    .paths(tenantId)
    .some((path) =>
      store.list(tenantId, path).some((object) => object.id !== id && object.text.includes(quoted)),
    );
}
