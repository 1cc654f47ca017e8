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

/** Reads may lag a little behind a write. */
const readAgainMs: readonly number[] = [150, 500];
/** After this many writes without effect, the tenant counts as refusing in silence. */
const verifyAttemptsMax = 6;
/** The pause between two reads. */
const verifyAgainMs = 2_000;

/**
 * Writes the plan of an item to its object. It finds the writes of earlier attempts by reading, and continues after
 * them.
 * @returns the outcome.
 * @throws RetryLaterError if the item must wait, and the errors of its calls.
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

/** Returns the document to write, with the ids of objects that other items created; null if one of them created none. */
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
  /** The document of the object; null before its creation. */
  readonly live: PolicyDocument | null;
  /** The outcome, if there is nothing to write or a write is not allowed. */
  readonly outcome?: KnownOutcome;
}

/** Reads the object. Before the first write, it checks the object against the plan and keeps a snapshot. */
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

/**
 * Sends the writes that lead from the object to the plan, in order.
 * @returns the id of the object.
 */
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

/** Reads the object back. @throws RetryLaterError while it differs from the plan. */
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
      // Graph closes gaps in an order: a place beyond the end reads back as the last one.
      .filter((name) => name !== priorityWriteName);
    writtenHash = comparableHash(live, type);
    if (left.length === 0) break;
  }
  await inTenant(deps.db, restore.tenantId, (trx) =>
    noteWrittenHash(trx, { runId: restore.runId, itemId: item.item_id }, writtenHash),
  );
  if (left.length === 0 && writtenHash !== null) return;
  const [first] = left;
  // Attempts without a write, for example after a crash of the worker, say nothing about it.
  const before =
    first === undefined ? item.attempts : (writes.find(({ name }) => name === first)?.claims ?? 0);
  throw new RetryLaterError('not_verified', {
    afterMs: verifyAgainMs,
    counts: true,
    final: before + 1 >= verifyAttemptsMax,
    context: { graphId, unwritten: left.length, first: first ?? null },
  });
}
