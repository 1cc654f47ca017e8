import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { GraphWriteRow } from '#db/tables.ts';
import { createWriteName, type PlannedWrite } from '#domain/restore/planned-write.ts';

/** The item of a write. */
export interface WriteRef {
  readonly runId: string;
  readonly itemId: string;
  readonly policyType: string;
  readonly displayName: string;
}

/** A write claimed by an attempt. */
export type IntendedWrite = Pick<
  GraphWriteRow,
  'name' | 'repeatable' | 'state' | 'claims' | 'object_id' | 'known_ids' | 'intended_at'
> & {
  /** Since the last claim, by the database's clock. */
  readonly age_seconds: number;
};

/** Lists the writes of an item so far. */
export async function listGraphWrites(
  trx: TenantTrx,
  { runId, itemId }: Pick<WriteRef, 'runId' | 'itemId'>,
): Promise<IntendedWrite[]> {
  return trx
    .selectFrom('graph_writes')
    .select(['name', 'repeatable', 'state', 'claims', 'object_id', 'known_ids', 'intended_at'])
    .select(
      sql<number>`extract(epoch from clock_timestamp() - intended_at)::double precision`.as(
        'age_seconds',
      ),
    )
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .execute();
}

/**
 * Claims a write; the caller commits the claim before it sends the write. The first claim also stores the ids of all
 * objects with the item's name: these existed before, so the write cannot have created them.
 * @param claimsSeen the number of claims at the start of the attempt.
 * @returns the number of this claim; null if another attempt has claimed the write since, or has ended the item: a
 * worker paused in between must not send it any more.
 */
export async function intendGraphWrite(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  ref: WriteRef,
  write: PlannedWrite,
  claimsSeen: number,
): Promise<number | null> {
  if (!(await isPending(trx, ref))) return null;
  const bytes = Buffer.from(write.body ?? '', 'utf8');
  const sha256 = createHash('sha256').update(bytes).digest();
  const sealed = cipher.seal(trx.tenantId, sha256, bytes);
  const sent = {
    method: write.method,
    path: write.path,
    repeatable: write.repeatable,
    sha256,
    key_id: sealed.keyId,
    nonce: sealed.nonce,
    ciphertext: sealed.ciphertext,
  };
  const claimed = await trx
    .insertInto('graph_writes')
    .values({
      tenant_id: trx.tenantId,
      run_id: ref.runId,
      item_id: ref.itemId,
      name: write.name,
      policy_type: ref.policyType,
      state: 'intended',
      // Only a create is ever looked for by name, and the query reads all policies of the type.
      known_ids: write.name === createWriteName ? idsOfName(trx, ref) : [],
      ...sent,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'run_id', 'item_id', 'name'])
        .doUpdateSet({
          ...sent,
          state: 'intended',
          claims: sql<number>`graph_writes.claims + 1`,
          intended_at: sql<Date>`clock_timestamp()`,
          done_at: null,
          status: null,
        })
        .where('graph_writes.claims', '=', claimsSeen),
    )
    .returning('claims')
    .executeTakeFirst();
  return claimed?.claims ?? null;
}

function idsOfName(trx: TenantTrx, { policyType, displayName }: WriteRef) {
  return sql<string[]>`(select coalesce(array_agg(lower(graph_id)), '{}') from policies
    where tenant_id = ${trx.tenantId} and policy_type = ${policyType} and display_name = ${displayName})`;
}

/** Tells whether an item is pending, and keeps it so until the end of the transaction. */
async function isPending(
  trx: TenantTrx,
  { runId, itemId }: Pick<WriteRef, 'runId' | 'itemId'>,
): Promise<boolean> {
  const pending = await trx
    .selectFrom('run_items')
    .select('item_id')
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .where('outcome', '=', 'pending')
    .forShare()
    .executeTakeFirst();
  return pending !== undefined;
}

/**
 * Records Graph's answer to a write. `refused` means: Graph certainly did not carry it out.
 * @returns false, without a change, if another attempt has claimed the write since.
 */
export async function settleGraphWrite(
  trx: TenantTrx,
  { runId, itemId }: Pick<WriteRef, 'runId' | 'itemId'>,
  name: string,
  answer: {
    readonly state: 'done' | 'refused';
    readonly status: number | null;
    readonly objectId: string | null;
    /** The number of the claim behind the request. */
    readonly claim: number;
  },
): Promise<boolean> {
  const settled = await trx
    .updateTable('graph_writes')
    .set({
      state: answer.state,
      status: answer.status,
      object_id: answer.objectId,
      done_at: sql<Date>`clock_timestamp()`,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .where('name', '=', name)
    .where('state', '=', 'intended')
    .where('claims', '=', answer.claim)
    .executeTakeFirst();
  return settled.numUpdatedRows === 1n;
}

/** Returns the objects among these created by an item of any restore. */
export async function listClaimedObjects(
  trx: TenantTrx,
  policyType: string,
  objectIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (objectIds.length === 0) return new Set();
  const rows = await trx
    .selectFrom('graph_writes')
    .select('object_id')
    .where('tenant_id', '=', trx.tenantId)
    .where('policy_type', '=', policyType)
    .where('name', '=', 'create')
    .where('object_id', 'in', [...objectIds])
    .execute();
  return new Set(rows.flatMap((row) => row.object_id ?? []));
}

/** A create sent more than once. */
export interface ResentCreate {
  readonly itemId: string;
  readonly policyType: string;
  readonly displayName: string;
  readonly objectId: string;
  /** The objects with the item's name before the first request, in lower case. */
  readonly knownIds: readonly string[];
}

/** Lists the creates of a run sent more than once, with an object. */
export async function listResentCreates(trx: TenantTrx, runId: string): Promise<ResentCreate[]> {
  const rows = await trx
    .selectFrom('graph_writes')
    .innerJoin('run_items', (join) =>
      join
        .onRef('run_items.tenant_id', '=', 'graph_writes.tenant_id')
        .onRef('run_items.run_id', '=', 'graph_writes.run_id')
        .onRef('run_items.item_id', '=', 'graph_writes.item_id'),
    )
    .select([
      'graph_writes.item_id as itemId',
      'graph_writes.policy_type as policyType',
      'run_items.display_name as displayName',
      'graph_writes.object_id as objectId',
      'graph_writes.known_ids as knownIds',
    ])
    .where('graph_writes.tenant_id', '=', trx.tenantId)
    .where('graph_writes.run_id', '=', runId)
    .where('graph_writes.name', '=', 'create')
    .where('graph_writes.claims', '>', 1)
    .orderBy('graph_writes.item_id')
    .execute();
  return rows.flatMap(({ objectId, ...row }) => (objectId === null ? [] : [{ ...row, objectId }]));
}
