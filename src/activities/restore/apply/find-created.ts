import { inTenant } from '#db/database.ts';
import { type IntendedWrite, listClaimedObjects } from '#db/restore/graph-writes.ts';
import { ownText } from '#domain/json/parsed-object.ts';
import { parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { remainingWrites } from '#domain/restore/writes/remaining-writes.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import type { ItemContext } from './restore-context.ts';

/** The largest difference between the clocks of Graph and the database. */
const clockSkewMs = 5 * 60_000;

/**
 * Finds the object of a create whose answer was lost: an object with the same name and content, created since, unknown
 * before, and of no other item.
 * @returns its id, or null.
 * @throws GraphError
 */
export async function findCreated(
  context: ItemContext,
  intended: IntendedWrite,
  desired: PolicyDocument,
): Promise<string | null> {
  const { deps, restore, item, type, reader, signal } = context;
  const known = new Set(intended.known_ids);
  const named: string[] = [];
  for await (const page of listPolicies(reader, type, { signal })) {
    for (const { graphId, displayName } of page.policies) {
      if (displayName === item.display_name && !known.has(graphId.toLowerCase())) {
        named.push(graphId);
      }
    }
  }
  const claimed = await inTenant(deps.db, restore.tenantId, (trx) =>
    listClaimedObjects(trx, item.policy_type, named),
  );
  for (const graphId of named.filter((id) => !claimed.has(id))) {
    if (await isMadeBy(context, intended, desired, graphId)) return graphId;
  }
  return null;
}

async function isMadeBy(
  { type, reader, signal }: ItemContext,
  intended: IntendedWrite,
  desired: PolicyDocument,
  graphId: string,
): Promise<boolean> {
  try {
    const captured = await capturePolicy(reader, type, graphId, { signal });
    const live = parseDocument(captured.document);
    const created = Date.parse(ownText(live.item, 'createdDateTime') ?? '');
    // Some types have no creation time; name and content must be enough for them.
    if (created < intended.intended_at.getTime() - clockSkewMs) return false;
    // Parts that follow in later writes are not there yet.
    if (type.restore?.create.by === 'postThenPatch') return true;
    return remainingWrites(type, desired, live).every(({ name }) => name !== 'update');
  } catch (error) {
    if (error instanceof GraphError && error.kind === 'not_found') return false;
    throw error;
  }
}
