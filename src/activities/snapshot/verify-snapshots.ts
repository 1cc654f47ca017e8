import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import { z } from 'zod';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { eachTenant } from '#activities/runtime/each-tenant.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { inTenant } from '#db/database.ts';
import {
  checkContent,
  listContentHashes,
  listSnapshotIdsOfContent,
  noteSoundContents,
  type Verified,
  verifyContent,
} from '#db/snapshot/verification.ts';
import type { MaintenanceActivities } from '#domain/run/activity-types.ts';

/** Hashes of one query, and contents between two cursors. */
const pageSize = 100;
/** Snapshots in the log of one damaged content; further ones have the same hash. */
const snapshotsNamedMax = 10;

/** The progress of a round: tenant, content, and counts. */
const cursorSchema = z.object({
  tenantId: z.string(),
  /** Hex; null at the end of a tenant. */
  sha256: z.string().nullable(),
  checked: z.number(),
  damaged: z.number(),
});
type Cursor = z.output<typeof cursorSchema>;

type Deps = Pick<ActivityDeps, 'db' | 'cipher'>;

/** See {@link MaintenanceActivities.verifySnapshots}. An attempt goes on where the last one has come. */
export function createVerifySnapshots(deps: Deps): MaintenanceActivities['verifySnapshots'] {
  return () =>
    heartbeating(async (save) => {
      const resumed = cursorSchema.safeParse(activityInfo().heartbeatDetails).data;
      const tally = { checked: resumed?.checked ?? 0, damaged: resumed?.damaged ?? 0 };
      const verifyFrom = (tenantId: string, sha256: string | null) =>
        verifyTenant(deps, { tenantId, sha256, ...tally }, (cursor) => {
          tally.checked = cursor.checked;
          tally.damaged = cursor.damaged;
          save(cursor);
        });
      if (resumed?.sha256 != null) await verifyFrom(resumed.tenantId, resumed.sha256);
      await eachTenant(deps.db, resumed?.tenantId ?? null, (tenantId) =>
        verifyFrom(tenantId, null),
      );
      return tally;
    });
}

/** Verifies the contents of a tenant one by one, so that only one is in memory. */
async function verifyTenant(
  deps: Deps,
  from: Cursor,
  save: (cursor: Cursor) => void,
): Promise<void> {
  const { tenantId } = from;
  let { checked, damaged, sha256 } = from;
  for (;;) {
    const after = sha256 === null ? null : Buffer.from(sha256, 'hex');
    const hashes: Buffer[] = await inTenant(deps.db, tenantId, (trx) =>
      listContentHashes(trx, { after, limit: pageSize }),
    );
    const page = await verifyPage(deps, tenantId, hashes);
    checked += page.sound + page.damaged;
    damaged += page.damaged;
    sha256 = hashes.length < pageSize ? null : (hashes.at(-1)?.toString('hex') ?? null);
    save({ tenantId, sha256, checked, damaged });
    if (sha256 === null) return;
  }
}

async function verifyPage(
  deps: Deps,
  tenantId: string,
  hashes: readonly Buffer[],
): Promise<{ sound: number; damaged: number }> {
  const { sound, suspect } = await inTenant(deps.db, tenantId, async (trx) => {
    const found: Record<Verified, Buffer[]> = { sound: [], damaged: [], gone: [] };
    for (const hash of hashes) {
      cancellationSignal().throwIfAborted();
      found[await checkContent(trx, deps.cipher, hash)].push(hash);
    }
    await noteSoundContents(trx, found.sound);
    return { sound: found.sound.length, suspect: found.damaged };
  });
  const tally = { sound, damaged: 0 };
  for (const hash of suspect) {
    const verified = await verifySuspect(deps, tenantId, hash);
    if (verified !== 'gone') tally[verified] += 1;
  }
  return tally;
}

async function verifySuspect(
  { db, cipher }: Deps,
  tenantId: string,
  hash: Buffer,
): Promise<Verified> {
  return inTenant(db, tenantId, async (trx) => {
    const verified = await verifyContent(trx, cipher, hash);
    if (verified === 'damaged') {
      log.error('a stored content is damaged', {
        tenantId,
        sha256: hash.toString('hex'),
        snapshotIds: await listSnapshotIdsOfContent(trx, hash, snapshotsNamedMax),
      });
    }
    return verified;
  });
}
