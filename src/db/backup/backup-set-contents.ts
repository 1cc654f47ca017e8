import type { Kysely } from 'kysely';
import { inTenant, type TenantTrx } from '#db/database.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { readSnapshotContent } from '#db/snapshot/snapshots.ts';
import type { Database } from '#db/tables.ts';
import { selectCapturedItems } from './select-captured-items.ts';

/** An item of a backup set, without its content. */
export interface HeldPolicy {
  readonly policyType: string;
  readonly graphId: string;
  readonly displayName: string;
  readonly sha256: Buffer;
  readonly byteLength: number;
  readonly complete: boolean;
}

/** Lists all items of a backup set in the order of type and Graph id: some hundred bytes each. */
export async function listHeldPolicies(trx: TenantTrx, backupSetId: string): Promise<HeldPolicy[]> {
  const rows = await selectCapturedItems(trx, backupSetId)
    .select([
      'snapshots.policy_type as policyType',
      'snapshots.graph_id as graphId',
      'snapshots.display_name as displayName',
      'snapshots.sha256',
      'content.byte_length as byteLength',
      'snapshots.complete',
    ])
    .execute();
  const keyOf = (one: HeldPolicy) => `${one.policyType} ${one.graphId}`;
  return rows.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Lists the types with items in a backup set, in order. */
export async function listHeldTypes(trx: TenantTrx, backupSetId: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('backup_set_items as item')
    .innerJoin('policies', (join) =>
      join
        .onRef('policies.tenant_id', '=', 'item.tenant_id')
        .onRef('policies.id', '=', 'item.policy_id'),
    )
    .select('policies.policy_type')
    .distinct()
    .where('item.tenant_id', '=', trx.tenantId)
    .where('item.backup_set_id', '=', backupSetId)
    .where('item.snapshot_id', 'is not', null)
    .orderBy('policies.policy_type')
    .execute();
  return rows.map((row) => row.policy_type);
}

/** The limit of a transaction, and of the contents in memory at a time. */
const groupItemsMax = 50;
const groupBytesMax = 4 * 1024 * 1024;

/** Yields the contents of policies in order, each verified against its hash. Throws SnapshotIntegrityError. */
export async function* contentsInOrder(
  db: Kysely<Database>,
  cipher: SnapshotCipher,
  tenantId: string,
  held: readonly HeldPolicy[],
): AsyncGenerator<string, void, void> {
  for (const group of groupsOf(held)) {
    const texts = await inTenant(db, tenantId, async (trx) => {
      const read: string[] = [];
      for (const { sha256 } of group) {
        read.push(await readSnapshotContent(trx, cipher, sha256));
      }
      return read;
    });
    yield* texts;
  }
}

function* groupsOf(held: readonly HeldPolicy[]): Generator<HeldPolicy[], void, void> {
  let group: HeldPolicy[] = [];
  let bytes = 0;
  for (const one of held) {
    const full = group.length >= groupItemsMax || bytes + one.byteLength > groupBytesMax;
    if (full && group.length > 0) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(one);
    bytes += one.byteLength;
  }
  if (group.length > 0) yield group;
}
