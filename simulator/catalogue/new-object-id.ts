import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';
import type { CollectionType } from './collection-type.ts';

/** Returns the id of a new object: a GUID, or the next number for types Intune numbers. */
export function newObjectId(store: Store, tenantId: string, type: CollectionType): string {
  if (type.ids === 'guid') return randomUUID();
  return String(store.highestNumber(tenantId, type.storage.home) + 1);
}
