import type { KnownOutcome } from '#db/run/run-items.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import { comparableHash } from '#domain/restore/comparable-hash.ts';
import { failure } from '#domain/run/failure.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { readItemObject, takeSnapshot } from './item-object.ts';
import { RetryLaterError, type ItemContext } from './restore-context.ts';
import { sendWrite } from './send-write.ts';

/** Graph refuses to delete a filter or tag for a moment after its last use. */
const heldMs = 3_000;
const heldAttemptsMax = 8;

/**
 * Deletes an object that a restore created, unless it has changed since. A snapshot comes first.
 * @returns the outcome.
 * @throws as carryOutItem does.
 */
export async function deleteCreated(context: ItemContext): Promise<KnownOutcome> {
  const { item, type, writes } = context;
  const graphId = item.target_graph_id;
  if (graphId === null) return { outcome: 'skipped', error: failure('not_restorable') };
  const live = await readItemObject(context, graphId);
  if (live === null) return { outcome: 'succeeded', graphId };
  if (writes.length === 0) {
    const isOurs =
      item.live_hash !== null &&
      comparableHash(parseDocument(live.document), type) === item.live_hash;
    if (!isOurs) {
      return { outcome: 'skipped', error: failure('touched_since_restore', { graphId }), graphId };
    }
    // Objects with the same id in every tenant cannot be deleted.
    if (type.restore?.create.by === 'fixedId') {
      return { outcome: 'skipped', error: failure('created_by_restore', { graphId }), graphId };
    }
    await takeSnapshot(context, live);
    context.reached('snapshot_taken');
  }
  await sendDelete(context, graphId);
  context.reached('writes_done');
  return { outcome: 'succeeded', graphId };
}

async function sendDelete(context: ItemContext, graphId: string): Promise<void> {
  const { type, item } = context;
  const path = `${type.collection}/{id}`;
  try {
    await sendWrite(
      context,
      { name: 'delete', method: 'DELETE', path, body: null, repeatable: true },
      graphId,
    );
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    if (error.kind === 'not_found') return;
    const held = error.kind === 'bad_request' || error.kind === 'conflict';
    if (!held) throw error;
    const final = item.attempts + 1 >= heldAttemptsMax;
    const again = { afterMs: heldMs, counts: true, final, context: { graphId } };
    throw new RetryLaterError('graph_bad_request', again);
  }
}
