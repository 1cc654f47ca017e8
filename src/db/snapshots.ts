import { createHash } from 'node:crypto';
import { canonicalForm } from '../domain/canonical-form.ts';
import type { Trx } from './database.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from './snapshot-cipher.ts';
import type { SnapshotRow, Warning } from './tables.ts';

export interface NewSnapshot {
  readonly id: string;
  readonly policyId: string;
  readonly runId: string;
  readonly policyType: string;
  readonly displayName: string;
  readonly graphId: string;
  /** The text `{"item":…,"children":{…},"assignments":[…]}` whose parts are byte for byte what Graph sent. */
  readonly document: string;
  readonly complete: boolean;
  readonly warnings: readonly Warning[];
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

/**
 * Keeps a snapshot; content that the tenant has already is not stored again.
 * @returns the snapshot of this policy in this run: the new one, or the one that an earlier attempt has kept.
 */
export async function insertSnapshot(
  trx: Trx,
  cipher: SnapshotCipher,
  tenantId: string,
  snapshot: NewSnapshot,
): Promise<SnapshotRow> {
  const content = Buffer.from(snapshot.document, 'utf8');
  const hash = sha256(content);
  const sealed = cipher.seal(tenantId, hash, content);
  await trx
    .insertInto('snapshot_contents')
    .values({
      tenant_id: tenantId,
      sha256: hash,
      canonical_sha256: sha256(canonicalForm(snapshot.document)),
      byte_length: content.length,
      key_id: sealed.keyId,
      nonce: sealed.nonce,
      ciphertext: sealed.ciphertext,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'sha256']).doNothing())
    .execute();
  const inserted = await trx
    .insertInto('snapshots')
    .values({
      tenant_id: tenantId,
      id: snapshot.id,
      policy_id: snapshot.policyId,
      run_id: snapshot.runId,
      policy_type: snapshot.policyType,
      display_name: snapshot.displayName,
      graph_id: snapshot.graphId,
      sha256: hash,
      complete: snapshot.complete,
      warnings: JSON.stringify(snapshot.warnings),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'run_id', 'policy_id']).doNothing())
    .returningAll()
    .executeTakeFirst();
  return inserted ?? findSnapshotOfRun(trx, tenantId, snapshot.runId, snapshot.policyId);
}

function findSnapshotOfRun(
  trx: Trx,
  tenantId: string,
  runId: string,
  policyId: string,
): Promise<SnapshotRow> {
  return trx
    .selectFrom('snapshots')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('run_id', '=', runId)
    .where('policy_id', '=', policyId)
    .executeTakeFirstOrThrow();
}

export type SnapshotSummary = SnapshotRow & { readonly byte_length: number };

function selectSummaries(trx: Trx, tenantId: string) {
  return trx
    .selectFrom('snapshots')
    .innerJoin('snapshot_contents', (join) =>
      join
        .onRef('snapshot_contents.tenant_id', '=', 'snapshots.tenant_id')
        .onRef('snapshot_contents.sha256', '=', 'snapshots.sha256'),
    )
    .selectAll('snapshots')
    .select('snapshot_contents.byte_length')
    .where('snapshots.tenant_id', '=', tenantId);
}

/** A snapshot by its id, without its content. */
export function findSnapshotById(
  trx: Trx,
  tenantId: string,
  snapshotId: string,
): Promise<SnapshotSummary | undefined> {
  return selectSummaries(trx, tenantId).where('snapshots.id', '=', snapshotId).executeTakeFirst();
}

/** The snapshots of a policy, newest first, without their contents. */
export async function listSnapshotsOfPolicy(
  trx: Trx,
  tenantId: string,
  policyId: string,
  page: PageRequest,
): Promise<Page<SnapshotSummary>> {
  const rows = await selectSummaries(trx, tenantId)
    .where('snapshots.policy_id', '=', policyId)
    .$if(page.before !== null, (query) => query.where('snapshots.id', '<', page.before))
    .orderBy('snapshots.id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.id);
}

/**
 * The content of a snapshot, verified against its hash.
 * @returns the document text, byte for byte as it was kept.
 * @throws SnapshotIntegrityError where the stored content is not what was kept.
 */
export async function readSnapshotContent(
  trx: Trx,
  cipher: SnapshotCipher,
  tenantId: string,
  hash: Buffer,
): Promise<string> {
  const stored = await trx
    .selectFrom('snapshot_contents')
    .select(['key_id', 'nonce', 'ciphertext'])
    .where('tenant_id', '=', tenantId)
    .where('sha256', '=', hash)
    .executeTakeFirstOrThrow();
  const content = cipher.open(tenantId, hash, {
    keyId: stored.key_id,
    nonce: stored.nonce,
    ciphertext: stored.ciphertext,
  });
  if (!sha256(content).equals(hash)) {
    throw new SnapshotIntegrityError('the stored content does not have the hash of its snapshot');
  }
  return content.toString('utf8');
}
