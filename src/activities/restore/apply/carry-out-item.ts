import { setTimeout as sleep } from 'node:timers/promises';
import { inTenant } from '#db/database.ts';
import { openItemPlan } from '#db/restore/item-plans.ts';
import { listItemGraphIds, noteWrittenHash } from '#db/restore/item-progress.ts';
import type { KnownOutcome } from '#db/run/run-items.ts';
import { parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { comparableHash } from '#domain/restore/comparable-hash.ts';
import { awaitedItems, withCreatedIds } from '#domain/restore/created-ids.ts';
import { createWriteName, priorityWriteName } from '#domain/restore/planned-write.ts';
import { remainingWrites } from '#domain/restore/writes/remaining-writes.ts';
import { type FailureCode, failure } from '#domain/run/failure.ts';
import { assertSettled, findItemObject, readItemObject, takeSnapshot } from './item-object.ts';
import { RetryLaterError, type ItemContext } from './restore-context.ts';
import { sendWrite } from './send-write.ts';

/** An answer to a read may be a little older than the write before it. */
const readAgainMs: readonly number[] = [150, 500];
/** What has been written so often and still does not read back is taken to be refused in silence. */
const verifyAttemptsMax = 6;
/** Between two of them. */
const verifyAgainMs = 2_000;

/**
 * Brings the object of an item to what is planned for it. What an earlier attempt has done is found by reading, so that
 * this one goes on from there.
 * @returns the outcome. Throws RetryLaterError for what is to be taken up later, and what its calls throw.
 */
export async function carryOutItem(context: ItemContext): Promise<KnownOutcome> {
  const { item, deps } = context;
  const plan = openItemPlan(deps.cipher, item);
  if (item.action === 'blocked' || plan === null) {
    return skipped(item.blocked_code ?? 'not_restorable', item.target_graph_id);
  }
  const desired = await fillIn(context, plan.desired);
  if (desired === null) return { outcome: 'failed', error: failure('dependency_failed') };
  assertSettled(context);
  const known = await findItemObject(context, desired);
  const { live, outcome } = await readBefore(context, desired, known);
  if (outcome !== undefined) return outcome;
  const graphId = await writeAll(context, desired, known, live);
  context.reached('writes_done');
  await verify(context, desired, graphId);
  context.reached('verified');
  return item.assignments_blocked
    ? { outcome: 'failed', error: failure('assignments_blocked', { graphId }), graphId }
    : { outcome: 'succeeded', graphId };
}

function skipped(code: FailureCode, graphId: string | null): KnownOutcome {
  const reference = graphId === null ? {} : { graphId };
  return { outcome: 'skipped', error: failure(code, reference), ...reference };
}

/** The document to be written, with the ids of what other items have made; null where one of them has made nothing. */
async function fillIn(
  { deps, restore: { tenantId, runId } }: ItemContext,
  planned: string,
): Promise<PolicyDocument | null> {
  const awaited = awaitedItems(planned);
  if (awaited.length === 0) return parseDocument(planned);
  const graphIds = await inTenant(deps.db, tenantId, (trx) =>
    listItemGraphIds(trx, runId, awaited),
  );
  const desired = withCreatedIds(planned, graphIds);
  return desired === null ? null : parseDocument(desired);
}

interface Before {
  /** The document of the object; null for one that has still to be made. */
  readonly live: PolicyDocument | null;
  /** Set where there is nothing to be done, or nothing may be. */
  readonly outcome?: KnownOutcome;
}

/** Reads the object and, before the first write of all, checks that it is as planned, and keeps it. */
async function readBefore(
  context: ItemContext,
  desired: PolicyDocument,
  graphId: string | null,
): Promise<Before> {
  const { item, type, writes } = context;
  if (graphId === null) return { live: null };
  const begun = writes.length > 0 || item.checked_at !== null;
  const captured = await readItemObject(context, graphId);
  if (captured === null) {
    const gone = {
      outcome: 'failed',
      error: failure('policy_gone', { graphId }),
      graphId,
    } as const;
    return { live: null, outcome: begun ? gone : skipped('drifted_since_preview', graphId) };
  }
  const live = parseDocument(captured.document);
  if (begun) return { live };
  if (remainingWrites(type, desired, live).length === 0 && !item.assignments_blocked) {
    return { live, outcome: { outcome: 'succeeded', action: 'none', graphId } };
  }
  if (comparableHash(live, type) !== item.live_hash) {
    return { live, outcome: skipped('drifted_since_preview', graphId) };
  }
  await takeSnapshot(context, captured);
  context.reached('snapshot_taken');
  return { live };
}

/** Sends what separates the object from what is planned, in order. @returns the object's id. */
async function writeAll(
  context: ItemContext,
  desired: PolicyDocument,
  known: string | null,
  live: PolicyDocument | null,
): Promise<string> {
  let graphId = known;
  for (const write of remainingWrites(context.type, desired, live)) {
    const isCreate = write.name === createWriteName;
    graphId = await sendWrite(context, write, isCreate ? null : graphId);
  }
  if (graphId === null) throw new Error('nothing was written, and there is no object');
  return graphId;
}

/** Reads the object back until it is as planned. Throws RetryLaterError while it is not. */
async function verify(
  context: ItemContext,
  desired: PolicyDocument,
  graphId: string,
): Promise<void> {
  const { deps, restore, item, type, signal, writes } = context;
  let left: readonly string[] = [];
  let writtenHash: string | null = null;
  for (const waitMs of [0, ...readAgainMs]) {
    await sleep(waitMs, undefined, { signal });
    const captured = await readItemObject(context, graphId);
    if (captured === null) break;
    const live = parseDocument(captured.document);
    left = remainingWrites(type, desired, live)
      .map(({ name }) => name)
      // Graph closes the gaps of an order: a place beyond its end is read back as the last one.
      .filter((name) => name !== priorityWriteName);
    writtenHash = comparableHash(live, type);
    if (left.length === 0) break;
  }
  await inTenant(deps.db, restore.tenantId, (trx) =>
    noteWrittenHash(trx, { runId: restore.runId, itemId: item.item_id }, writtenHash),
  );
  if (left.length === 0 && writtenHash !== null) return;
  const [first] = left;
  // Attempts that came to nothing before the write, a worker's death among them, say nothing about it.
  const before =
    first === undefined ? item.attempts : (writes.find(({ name }) => name === first)?.claims ?? 0);
  throw new RetryLaterError('not_verified', {
    afterMs: verifyAgainMs,
    counts: true,
    final: before + 1 >= verifyAttemptsMax,
    context: { graphId, unwritten: left.length, first: first ?? null },
  });
}
