import { v7 as uuidv7 } from 'uuid';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { recordListing } from '#db/backup/backup-listings.ts';
import { planPolicies } from '#db/backup/backup-plans.ts';
import { countOrdinals, listPendingItems } from '#db/backup/backup-run-items.ts';
import { findBackupSetById, insertBackupSet } from '#db/backup/backup-sets.ts';
import { type CapturedItem, recordImports } from '#db/backup/captures.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { findOrInsertPolicies } from '#db/inventory/imported-policies.ts';
import { countItemAttempts } from '#db/run/item-attempts.ts';
import type { RunItemRow, RunRow } from '#db/tables.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import { toStorableText } from '#domain/json/storable-text.ts';
import type { ArchivedPolicy, CheckedArchive } from './checked-archive.ts';
import { documentFacts } from './import-document.ts';

/** Policies planned in one transaction. */
const policiesPerPlan = 500;
/** Limits of one transaction: policies, their text, and their references. */
const itemsPerChunk = 50;
const charsPerChunk = 8 * 1024 * 1024;
/** Postgres takes 65,535 parameters; a reference has four. */
const referencesPerChunk = 8_000;

/**
 * Makes the backup set of an import and plans one item per policy; idempotent.
 * @returns the number of items.
 */
export async function planImport(
  { db }: ActivityDeps,
  { run, backupSetId }: { readonly run: RunRow; readonly backupSetId: string },
  archive: CheckedArchive,
): Promise<number> {
  const { tenant_id: tenantId, id: runId } = run;
  const plan = { runId, backupSetId, reuseUnchanged: false };
  await inTenant(db, tenantId, async (trx) => {
    await ensureBackupSet(trx, run, backupSetId, archive.name);
    for (const { policyType, listing } of archive.listings) {
      await recordListing(trx, { backupSetId, runId, policyType }, listing);
    }
  });
  const byType = Map.groupBy(archive.policies, ({ type }) => type.type);
  for (const [policyType, policies] of byType) {
    for (let at = 0; at < policies.length; at += policiesPerPlan) {
      const seen = policies.slice(at, at + policiesPerPlan).map(({ facts }) => facts.seen);
      await inTenant(db, tenantId, async (trx) => {
        const ids = await findOrInsertPolicies(trx, policyType, seen);
        await planPolicies(trx, plan, ids, new Map());
      });
    }
  }
  return inTenant(db, tenantId, (trx) => countOrdinals(trx, runId));
}

async function ensureBackupSet(
  trx: TenantTrx,
  run: RunRow,
  backupSetId: string,
  name: string | null,
): Promise<void> {
  if ((await findBackupSetById(trx, backupSetId)) !== undefined) return;
  await insertBackupSet(trx, {
    id: backupSetId,
    name: lineOf(name ?? '') || `Import ${run.created_at.toISOString().slice(0, 10)}`,
    origin: 'import',
    scheduleId: null,
    createdBy: { id: run.initiator_id, displayName: run.initiator_name },
  });
}

/** Returns a foreign name as one line without control characters, as the API requires names. */
function lineOf(name: string): string {
  return toStorableText(name)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/** Keeps the policies of pending items, in the order of their ordinals. */
export async function keepPolicies(
  deps: ActivityDeps,
  { tenant_id: tenantId, id: runId }: RunRow,
  archive: CheckedArchive,
  planned: number,
  assertNotCancelled: () => void,
): Promise<void> {
  const policies = new Map(
    archive.policies.map((policy) => [
      policyKey(policy.type.type, policy.facts.seen.graphId),
      policy,
    ]),
  );
  for (let from = 0; from < planned; from += itemsPerChunk) {
    assertNotCancelled();
    const pending = await inTenant(deps.db, tenantId, async (trx) => {
      const range = { from, to: Math.min(from + itemsPerChunk, planned) };
      const items = await listPendingItems(trx, runId, range);
      await countItemAttempts(
        trx,
        runId,
        items.map(({ item_id }) => item_id),
        1,
      );
      return items;
    });
    await keepChunk(deps, { tenantId, runId }, pending, (item) =>
      policies.get(policyKey(item.policy_type, item.graph_id ?? '')),
    );
  }
}

async function keepChunk(
  { db, cipher }: ActivityDeps,
  { tenantId, runId }: { readonly tenantId: string; readonly runId: string },
  items: readonly RunItemRow[],
  policyOf: (item: RunItemRow) => ArchivedPolicy | undefined,
): Promise<void> {
  let waiting: CapturedItem[] = [];
  let chars = 0;
  let references = 0;
  const write = async () => {
    const written = waiting;
    [waiting, chars, references] = [[], 0, 0];
    if (written.length === 0) return;
    await inTenant(db, tenantId, (trx) => recordImports(trx, cipher, runId, written));
  };
  for (const item of items) {
    const policy = policyOf(item);
    if (policy === undefined)
      throw new Error('the archive has no policy for an item of the import');
    const one = await importedItem(item, policy);
    const { length } = one.snapshot.references;
    if (chars > charsPerChunk || references + length > referencesPerChunk) await write();
    waiting.push(one);
    chars += one.snapshot.document.length;
    references += length;
  }
  await write();
}

async function importedItem(item: RunItemRow, policy: ArchivedPolicy): Promise<CapturedItem> {
  const document = await policy.document();
  const { graphId } = policy.facts.seen;
  const facts = documentFacts(policy.type, graphId, document, policy.entry);
  return {
    itemId: item.item_id,
    snapshot: {
      id: uuidv7(),
      policyId: item.policy_id ?? '',
      policyType: policy.type.type,
      displayName: facts.seen.displayName,
      graphId,
      document,
      complete: policy.complete,
      warnings: [...facts.warnings, ...policy.warnings],
      // An archive cannot show whether the tenant has changed.
      revision: null,
      assignmentsHash: null,
      references: facts.references,
    },
  };
}
