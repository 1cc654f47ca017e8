import { inTenant } from '../db/database.ts';
import { intendGraphWrite, settleGraphWrite } from '../db/graph-writes.ts';
import { recordCreatedObject } from '../db/created-objects.ts';
import { createWriteName, type PlannedWrite } from '../domain/restore/planned-write.ts';
import { isGraphId } from '../domain/graph-id.ts';
import { isAmbiguous } from '../graph/write-outcome.ts';
import { type ItemContext, ComeBackError } from './restore-context.ts';

/** An attempt is short: whoever finds no room in the budget by then comes back later. */
const budgetWaitMsMax = 1_500;

/**
 * Sends one write of an item: takes it from the budget, notes that it is about to be sent, sends it once, and notes what
 * came of it. What may have been carried out although it failed stays noted as meant to be sent.
 * @param graphId the id of the item's object; null for the write that makes it.
 * @returns that id.
 */
export async function sendWrite(
  context: ItemContext,
  write: PlannedWrite,
  graphId: string | null,
): Promise<string> {
  const { deps, restore, item, writer, signal, reached } = context;
  const { tenantId, runId } = restore;
  const ref = {
    runId,
    itemId: item.item_id,
    policyType: item.policy_type,
    displayName: item.display_name,
  };
  const path = write.path.replaceAll('{id}', () => encodeURIComponent(graphId ?? ''));
  await writer.admit(path, { signal, waitMsMax: budgetWaitMsMax });
  reached('budget_granted');
  const claimedAtMs = performance.now();
  await inTenant(deps.db, tenantId, (trx) =>
    intendGraphWrite(trx, deps.cipher, tenantId, ref, { ...write, path }),
  );
  reached('write_intended');
  const answer = await writer
    .send({
      method: write.method,
      path,
      body: write.body,
      notAfterMs: claimedAtMs + deps.settle.claimMs,
    })
    .catch(async (error: unknown) => {
      if (!isAmbiguous(error)) await refused(context, write, error);
      throw error;
    });
  reached('write_sent');
  const objectId = graphId ?? idOf(answer.object);
  // Graph has made something and does not say what: it will be looked for.
  if (objectId === null) {
    throw new ComeBackError('create_unsettled', { afterMs: deps.settle.settleMs, counts: true });
  }
  await inTenant(deps.db, tenantId, async (trx) => {
    const done = { state: 'done', status: answer.status } as const;
    if (write.name === createWriteName) {
      await recordCreatedObject(trx, tenantId, item, { ...done, objectId });
    } else {
      await settleGraphWrite(trx, tenantId, ref, write.name, { ...done, objectId: null });
    }
  });
  reached('write_recorded');
  return objectId;
}

async function refused(
  { deps, restore, item }: ItemContext,
  { name }: PlannedWrite,
  error: unknown,
): Promise<void> {
  const { status } = error as { status?: number | null };
  const answer = { state: 'refused', status: status ?? null, objectId: null } as const;
  await inTenant(deps.db, restore.tenantId, (trx) =>
    settleGraphWrite(
      trx,
      restore.tenantId,
      { runId: restore.runId, itemId: item.item_id },
      name,
      answer,
    ),
  );
}

function idOf(object: Readonly<Record<string, unknown>> | null): string | null {
  const id = object !== null && Object.hasOwn(object, 'id') ? object['id'] : undefined;
  return isGraphId(id) ? id : null;
}
