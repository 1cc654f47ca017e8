import { v7 as uuidv7 } from 'uuid';
import { inTenant, type Trx } from '../../../src/db/database.ts';
import { upsertMember } from '../../../src/db/members.ts';
import { upsertSeenPolicies } from '../../../src/db/policies.ts';
import { insertRunItems, recordItemOutcome } from '../../../src/db/run-items.ts';
import { insertRun } from '../../../src/db/runs.ts';
import { createSnapshotCipher } from '../../../src/db/snapshot-cipher.ts';
import { insertSnapshot } from '../../../src/db/snapshots.ts';
import { insertTenant } from '../../../src/db/tenants.ts';
import { failure } from '../../../src/domain/failure.ts';
import type { TestDatabase } from '../../support/database.ts';

export const twinCipher = createSnapshotCipher([{ id: 'test', key: Buffer.alloc(32, 3) }]);

const directory = 'dddddddd-0000-4000-8000-00000000000d';
/** A member of both tenants: a reader in the first, an owner in the second. */
export const sharedPrincipal = `${directory}:11111111-0000-4000-8000-000000000001`;
/** Who starts the runs of both tenants, but is a member of the first only. */
export const formerMember = `${directory}:22222222-0000-4000-8000-000000000002`;

/** One of two tenants that have the same of everything that need not differ: names, Graph's ids, contents. */
export interface Twin {
  readonly tenantId: string;
  readonly key: string;
  readonly policyId: string;
  readonly runId: string;
  readonly failedItemId: string;
  readonly pendingItemId: string;
  readonly snapshotId: string;
  readonly ownHash: Buffer;
  readonly ownMember: string;
}

async function fill(trx: Trx, tenantId: string, letter: 'a' | 'b'): Promise<Twin> {
  const [runId, failedItemId, pendingItemId] = [uuidv7(), uuidv7(), uuidv7()];
  const key = letter.repeat(64);
  const ownMember = `${tenantId}:33333333-0000-4000-8000-000000000003`;
  const member = { kind: 'user', display_name: null } as const;
  await insertTenant(trx, { tenantId, displayName: 'Twin', createdBy: sharedPrincipal });
  const role = letter === 'a' ? 'reader' : 'owner';
  await upsertMember(trx, tenantId, { ...member, principal_id: sharedPrincipal, role });
  await upsertMember(trx, tenantId, { ...member, principal_id: ownMember, role: 'owner' });
  if (letter === 'a') {
    await upsertMember(trx, tenantId, { ...member, principal_id: formerMember, role: 'reader' });
  }
  const seen = { graphId: 'g-1', displayName: 'Same', platform: null, lastModifiedAt: null };
  await upsertSeenPolicies(trx, tenantId, 'scopeTag', [seen]);
  const policy = await trx
    .selectFrom('policies')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
  await insertRun(trx, tenantId, {
    id: runId,
    operationType: 'inventory.sync',
    target: null,
    parameters: {},
    idempotencyKey: key,
    initiator: { id: formerMember, displayName: 'Same' },
  });
  const item = { policyId: policy.id, policyType: 'scopeTag', displayName: 'Same', graphId: 'g-1' };
  const items = [failedItemId, pendingItemId].map((itemId) => ({
    ...item,
    itemId,
    action: 'capture' as const,
  }));
  await insertRunItems(trx, tenantId, runId, items);
  await recordItemOutcome(trx, tenantId, runId, failedItemId, {
    outcome: 'failed',
    error: failure('policy_gone'),
  });
  const snapshot = { ...item, runId, complete: true, warnings: [] };
  const document = '{"item":{"same":true},"children":{},"assignments":null}';
  const kept = await insertSnapshot(trx, twinCipher, tenantId, {
    ...snapshot,
    id: uuidv7(),
    document,
  });
  const own = await ownContent(trx, tenantId, letter);
  return {
    tenantId,
    key,
    policyId: policy.id,
    runId,
    failedItemId,
    pendingItemId,
    snapshotId: kept.id,
    ownHash: own,
    ownMember,
  };
}

/** Content that this tenant has and the other has not, without a snapshot. */
async function ownContent(trx: Trx, tenantId: string, letter: string): Promise<Buffer> {
  const hash = Buffer.alloc(32, letter);
  const sealed = twinCipher.seal(tenantId, hash, Buffer.from(letter));
  const row = { tenant_id: tenantId, sha256: hash, canonical_sha256: hash, byte_length: 1 };
  const { keyId: key_id, nonce, ciphertext } = sealed;
  await trx
    .insertInto('snapshot_contents')
    .values({ ...row, key_id, nonce, ciphertext })
    .execute();
  return hash;
}

/** Two tenants that differ in their ids and in nothing that a forgotten filter would stumble over. */
export async function createTwins(database: TestDatabase): Promise<{ a: Twin; b: Twin }> {
  const { db } = database.app;
  const [idA, idB] = [
    'aaaaaaaa-0000-4000-8000-00000000000a',
    'bbbbbbbb-0000-4000-8000-00000000000b',
  ];
  return {
    a: await inTenant(db, idA, (trx) => fill(trx, idA, 'a')),
    b: await inTenant(db, idB, (trx) => fill(trx, idB, 'b')),
  };
}
