import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';
import type { CollectionType } from './collection-type.ts';

/** The id of a new object of the type in a tenant: a GUID, or the next small number where Intune counts. */
export function newObjectId(store: Store, tenantId: string, type: CollectionType): string {
  if (type.ids === 'guid') return randomUUID();
  return String(store.highestNumber(tenantId, type.storage.home) + 1);
}
