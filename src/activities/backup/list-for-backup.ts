import { cancellationSignal } from '@temporalio/activity';
import { toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import type { PresentState } from '#db/backup/backup-candidates.ts';
import { planPolicies } from '#db/backup/backup-plans.ts';
import { insertFailedListing } from '#db/backup/backup-run-items.ts';
import { recordListing } from '#db/backup/backup-listings.ts';
import { recordCaptures } from '#db/backup/captures.ts';
import { inTenant } from '#db/database.ts';
import {
  databaseNow,
  listPolicyIdsByGraphIds,
  markUnseenPoliciesAbsent,
  upsertSeenPolicies,
} from '#db/inventory/policies.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { failure, isFailureCode } from '#domain/run/failure.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import type { ListedPolicy } from '#graph/capture/listed-policy.ts';
import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';
import type { BackupOfRun } from './backup-of-run.ts';
import { capturedItem } from './captured-item.ts';

/**
 * Lists a type into the inventory, plans the wanted policies as items of the backup, and records the result of the
 * listing. A type that the tenant lacks, or that the application must not read, does not fail the run.
 * @param wanted the policies to take. The row records the whole type only if the run takes all of it.
 * @returns the Graph ids of all objects of the type, in lower case, built-in ones included; undefined if Graph refused
 * the listing.
 * @throws ApplicationFailure if a retry may help.
 */
export async function listForBackup(
  deps: ActivityDeps,
  backup: BackupOfRun,
  type: PolicyType,
  wanted: 'all' | ReadonlySet<string>,
): Promise<ReadonlySet<string> | undefined> {
  try {
    return await listAndPlan(deps, backup, type, wanted);
  } catch (error) {
    await recordRefusal(deps, backup, type, error);
    return undefined;
  }
}

async function listAndPlan(
  { db, graph, cipher }: ActivityDeps,
  backup: BackupOfRun,
  type: PolicyType,
  wanted: 'all' | ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const { tenantId } = backup;
  const since = await inTenant(db, tenantId, databaseNow);
  const listed = new Set<string>();
  const builtIn = new Set<string>();
  const pages = listPolicies(graph.readerFor(tenantId), type, {
    signal: cancellationSignal(),
    // Also for a full backup: a policy that lists return whole must have the same text in every backup, and a read by
    // id has another context.
    assignments: backup.assignments === 'read' ? 'expand' : 'omit',
  });
  for await (const page of pages) {
    for (const graphId of page.builtInIds) builtIn.add(graphId.toLowerCase());
    for (const { graphId } of page.policies) listed.add(graphId.toLowerCase());
    const taken = page.policies.filter(
      ({ graphId }) => wanted === 'all' || wanted.has(graphId.toLowerCase()),
    );
    if (page.policies.length === 0) continue;
    await inTenant(db, tenantId, async (trx) => {
      await upsertSeenPolicies(trx, type.type, page.policies);
      const ids = await listPolicyIdsByGraphIds(
        trx,
        type.type,
        taken.map(({ graphId }) => graphId),
      );
      const atHand = await planPolicies(trx, backup, ids, presentStates(taken));
      const entries = new Map(taken.map((entry) => [entry.graphId, entry]));
      const captures = atHand.flatMap((item) => {
        const captured = entries.get(item.graphId)?.capture?.();
        return captured === undefined ? [] : [capturedItem(item, captured, type)];
      });
      await recordCaptures(trx, cipher, backup.runId, captures);
    });
  }
  await inTenant(db, tenantId, async (trx) => {
    await markUnseenPoliciesAbsent(trx, type.type, since);
    if (wanted !== 'all') return;
    const ref = { ...backup, policyType: type.type };
    await recordListing(trx, ref, {
      outcome: 'listed',
      listed: listed.size,
      builtIn: builtIn.size,
    });
  });
  return new Set([...listed, ...builtIn]);
}

function presentStates(entries: readonly ListedPolicy[]): ReadonlyMap<string, PresentState> {
  return new Map(
    entries.map(({ graphId, revision, assignmentsHash, capture }) => [
      graphId,
      { revision, assignmentsHash, atHand: capture !== null },
    ]),
  );
}

/** Refusals of the whole type. */
const refusals: Partial<Record<GraphErrorKind, 'forbidden' | 'unsupported'>> = {
  forbidden: 'forbidden',
  // If a cloud or a tenant lacks a collection, Graph answers 404 or 400 ("Resource not found for the segment").
  not_found: 'unsupported',
  bad_request: 'unsupported',
};

async function recordRefusal(
  { db }: ActivityDeps,
  backup: BackupOfRun,
  type: PolicyType,
  error: unknown,
): Promise<void> {
  const { tenantId, runId } = backup;
  const ref = { ...backup, policyType: type.type };
  const refusal = error instanceof GraphError ? refusals[error.kind] : undefined;
  if (refusal !== undefined) {
    await inTenant(db, tenantId, (trx) => recordListing(trx, ref, { outcome: refusal }));
    return;
  }
  const failed = toActivityFailure(error, {
    notFound: 'type_unavailable',
    context: { policyType: type.type, permission: type.readPermission },
  });
  const code = 'type' in failed ? failed.type : undefined;
  const final = 'nonRetryable' in failed && failed.nonRetryable === true;
  // Without a token, no other call of the run can work either.
  if (!final || typeof code !== 'string' || !isFailureCode(code) || hopeless.has(code))
    throw failed;
  const [context] = ('details' in failed ? (failed.details as [object]) : undefined) ?? [{}];
  await inTenant(db, tenantId, async (trx) => {
    await recordListing(trx, ref, { outcome: 'failed', errorCode: code });
    await insertFailedListing(trx, {
      runId,
      policyType: type.type,
      displayName: type.displayName,
      error: { ...failure(code), context },
    });
  });
}

const hopeless: ReadonlySet<string> = new Set(['token_unavailable', 'graph_unauthorized']);
