import { createHash } from 'node:crypto';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { SnapshotRow, Warning } from '#db/tables.ts';
import { canonicalForm } from '#domain/json/canonical-form.ts';
import { type ContentReference, insertContentReferences } from './content-references.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from './snapshot-cipher.ts';

export interface NewSnapshot {
  readonly id: string;
  readonly policyId: string;
  readonly policyType: string;
  readonly displayName: string;
  readonly graphId: string;
  /** The text `{"item":…,"children":{…},"assignments":[…]}`. Its parts are byte for byte from Graph. */
  readonly document: string;
  readonly complete: boolean;
  readonly warnings: readonly Warning[];
  /** Lets a later listing recognise an unchanged policy; null if Graph has no such property. */
  readonly revision: string | null;
  readonly assignmentsHash: string | null;
  readonly references: readonly ContentReference[];
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

/**
 * Stores the snapshots of a run, each of another policy. Content already stored for the tenant is not stored again.
 * @returns one row for each snapshot, new or stored by an earlier attempt of the run, in no order.
 */
export async function insertSnapshots(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  runId: string,
  snapshots: readonly NewSnapshot[],
): Promise<SnapshotRow[]> {
  if (snapshots.length === 0) return [];
  const hashed = snapshots.map((snapshot) => {
    const content = Buffer.from(snapshot.document, 'utf8');
    return { snapshot, content, hash: sha256(content) };
  });
  await storeContents(trx, cipher, hashed);
  await insertContentReferences(
    trx,
    hashed.flatMap(({ snapshot, hash }) =>
      snapshot.references.map((reference) => ({ ...reference, sha256: hash })),
    ),
  );
  await trx
    .insertInto('snapshots')
    .values(
      hashed.map(({ snapshot, hash }) => ({
        tenant_id: trx.tenantId,
        id: snapshot.id,
        policy_id: snapshot.policyId,
        run_id: runId,
        policy_type: snapshot.policyType,
        display_name: snapshot.displayName,
        graph_id: snapshot.graphId,
        sha256: hash,
        complete: snapshot.complete,
        warnings: JSON.stringify(snapshot.warnings),
        revision: snapshot.revision,
        assignments_hash: snapshot.assignmentsHash,
      })),
    )
    .onConflict((conflict) => conflict.columns(['tenant_id', 'run_id', 'policy_id']).doNothing())
    .execute();
  const policyIds = snapshots.map(({ policyId }) => policyId);
  return trx
    .selectFrom('snapshots')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('policy_id', 'in', policyIds)
    .execute();
}

type HashedContent = { snapshot: NewSnapshot; content: Buffer; hash: Buffer };

/** Seals and stores new or damaged contents only: a query costs less than compressing and encrypting. */
async function storeContents(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  contents: readonly HashedContent[],
): Promise<void> {
  const stored = await trx
    .selectFrom('snapshot_contents')
    .select(['sha256', 'damaged_at'])
    .where('tenant_id', '=', trx.tenantId)
    .where(
      'sha256',
      'in',
      contents.map(({ hash }) => hash),
    )
    // Retention deletes contents without a snapshot; the lock holds it off until the new snapshots are inserted.
    .forKeyShare()
    .execute();
  const known = new Map(stored.map((row) => [row.sha256.toString('hex'), row.damaged_at]));
  const missing = new Map(
    contents
      .map((content) => [content.hash.toString('hex'), content] as const)
      .filter(([hex]) => known.get(hex) !== null),
  );
  // Two runs with the same contents insert them in the same order, to avoid a deadlock.
  const sorted = [...missing.entries()].sort(([one], [other]) => (one < other ? -1 : 1));
  await insertContents(
    trx,
    cipher,
    sorted.flatMap(([hex, content]) => (known.has(hex) ? [] : [content])),
  );
  for (const [hex, content] of sorted) {
    if (known.has(hex)) await mendContent(trx, cipher, content);
  }
}

async function insertContents(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  contents: readonly HashedContent[],
): Promise<void> {
  if (contents.length === 0) return;
  const rows = contents.map(({ snapshot, content, hash }) => {
    const sealed = cipher.seal(trx.tenantId, hash, content);
    return {
      tenant_id: trx.tenantId,
      sha256: hash,
      canonical_sha256: sha256(canonicalForm(snapshot.document)),
      byte_length: content.length,
      key_id: sealed.keyId,
      nonce: sealed.nonce,
      ciphertext: sealed.ciphertext,
    };
  });
  await trx
    .insertInto('snapshot_contents')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'sha256']).doNothing())
    .execute();
}

/** Replaces damaged content by sound bytes of the same hash: this mends all snapshots with this content. */
async function mendContent(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  { content, hash }: HashedContent,
): Promise<void> {
  const sealed = cipher.seal(trx.tenantId, hash, content);
  await trx
    .updateTable('snapshot_contents')
    .set({
      key_id: sealed.keyId,
      nonce: sealed.nonce,
      ciphertext: sealed.ciphertext,
      verified_at: null,
      damaged_at: null,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('sha256', '=', hash)
    .where('damaged_at', 'is not', null)
    .execute();
}

export type SnapshotSummary = SnapshotRow & { readonly byte_length: number };

function selectSummaries(trx: TenantTrx) {
  return trx
    .selectFrom('snapshots')
    .innerJoin('snapshot_contents', (join) =>
      join
        .onRef('snapshot_contents.tenant_id', '=', 'snapshots.tenant_id')
        .onRef('snapshot_contents.sha256', '=', 'snapshots.sha256'),
    )
    .selectAll('snapshots')
    .select('snapshot_contents.byte_length')
    .where('snapshots.tenant_id', '=', trx.tenantId);
}

export function findSnapshotById(
  trx: TenantTrx,
  snapshotId: string,
): Promise<SnapshotSummary | undefined> {
  return selectSummaries(trx).where('snapshots.id', '=', snapshotId).executeTakeFirst();
}

/** Lists the snapshots of a policy, newest first, without their contents. */
export async function listSnapshotsOfPolicy(
  trx: TenantTrx,
  policyId: string,
  page: PageRequest,
): Promise<Page<SnapshotSummary>> {
  const rows = await selectSummaries(trx)
    .where('snapshots.policy_id', '=', policyId)
    .$if(page.before !== null, (query) => query.where('snapshots.id', '<', page.before))
    .orderBy('snapshots.id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.id);
}

/**
 * Reads the content of a snapshot and verifies it against its hash.
 * @returns the document text, byte for byte as stored.
 * @throws SnapshotIntegrityError if the stored content is damaged.
 */
export async function readSnapshotContent(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  hash: Buffer,
): Promise<string> {
  const stored = await trx
    .selectFrom('snapshot_contents')
    .select(['key_id', 'nonce', 'ciphertext'])
    .where('tenant_id', '=', trx.tenantId)
    .where('sha256', '=', hash)
    .executeTakeFirstOrThrow();
  const content = cipher.open(trx.tenantId, hash, {
    keyId: stored.key_id,
    nonce: stored.nonce,
    ciphertext: stored.ciphertext,
  });
  if (!sha256(content).equals(hash)) {
    throw new SnapshotIntegrityError('the stored content does not have the hash of its snapshot');
  }
  return content.toString('utf8');
}
