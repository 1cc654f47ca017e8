import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import { inTenant } from '#db/database.ts';
import {
  type ItemReference,
  listItemReferences,
  listNamedObjects,
  listRestorableItems,
  type RestorableItem,
} from '#db/restore/restore-sources.ts';
import { listRestoredObjects } from '#db/restore/restored-objects.ts';
import { forEachConcurrent } from '#domain/concurrency/concurrent.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { matchTargets } from '#domain/restore/mapping/match-targets.ts';
import type {
  LiveType,
  NamedLikeness,
  ReferenceFacts,
} from '#domain/restore/mapping/resolve-references.ts';
import type { Target } from '#domain/restore/plan.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { listLive } from './list-live.ts';
import { planningReader, type RestoreOfRun, type RestoreSource } from './restore-of-run.ts';

type SetSource = Extract<RestoreSource, { from: 'set' }>;

/** A backup set matched with its target tenant. Ids of the source are in lower case. */
export interface RestoreTargets extends ReferenceFacts {
  /** The items to restore. */
  readonly items: readonly RestorableItem[];
  /** The references of these items. */
  readonly references: readonly ItemReference[];
  /** By backup item id. */
  readonly targets: ReadonlyMap<string, Target>;
  /** Types that Graph refuses to list. */
  readonly refusedTypes: ReadonlySet<string>;
}

/** Types listed at the same time: enough to fill a batch of Graph. */
const concurrentListings = 8;

/** Lists the types concerned in the tenant, and finds the target of each item. */
export async function readTargets(
  deps: Pick<ActivityDeps, 'db' | 'graph'>,
  restore: RestoreOfRun,
  source: SetSource,
): Promise<RestoreTargets> {
  const { tenantId } = restore;
  const held = await readSet(deps, source);
  const wanted = source.itemIds === null ? null : new Set(source.itemIds);
  const items = held.items.filter(({ backupItemId }) => wanted?.has(backupItemId) ?? true);
  const inScope = new Set(items.map(({ backupItemId }) => backupItemId));
  const references = held.references.filter(({ backupItemId }) => inScope.has(backupItemId));
  const types = new Set([...items, ...references].map(({ policyType }) => policyType));
  const live = await listTypes(deps, planningReader(deps, restore), types);
  const mapped = await inTenant(deps.db, tenantId, (trx) =>
    listRestoredObjects(trx, source.tenantId),
  );
  const mapping = new Map(
    mapped.map((one) => [policyKey(one.policyType, one.sourceGraphId), one.graphId]),
  );
  const mappedTo = (policyType: string, id: string) =>
    mapping.get(policyKey(policyType, id)) ?? null;
  const sameTenant = source.tenantId === tenantId;
  const targets = matchTargets({
    items: held.items
      .filter(({ policyType }) => types.has(policyType))
      .map((item) => ({
        ...item,
        itemId: item.backupItemId,
        inScope: inScope.has(item.backupItemId),
      })),
    live: [...live].flatMap(([policyType, found]) =>
      [...(found?.byId.values() ?? [])].map((one) => ({ ...one, policyType })),
    ),
    mapping: mappedTo,
    sameTenant,
  });
  const likeness = await readLikeness(deps, source, held.items, references);
  const bySourceId = new Map(items.map((item) => [policyKey(item.policyType, item.graphId), item]));
  return {
    items,
    references,
    targets,
    sameTenant,
    mappedTo,
    refusedTypes: new Set([...live].flatMap(([type, found]) => (found === null ? [type] : []))),
    live: (policyType) => live.get(policyType) ?? null,
    itemOf: (policyType, id) => {
      const item = bySourceId.get(policyKey(policyType, id));
      if (item === undefined) return undefined;
      const target = targets.get(item.backupItemId) ?? { kind: 'create' };
      return { itemId: item.backupItemId, target };
    },
    likenessOf: (policyType, id) => likeness.get(policyKey(policyType, id)),
  };
}

/**
 * Checks that the set still exists: retention of the source tenant does not know runs of another tenant.
 * @throws ApplicationFailure
 */
function readSet({ db }: Pick<ActivityDeps, 'db'>, { tenantId, backupSetId }: SetSource) {
  return inTenant(db, tenantId, async (trx) => {
    if (!(await lockBackupSetForUse(trx, backupSetId))) {
      throw permanentFailure('snapshot_gone', { backupSetId });
    }
    return {
      items: await listRestorableItems(trx, backupSetId),
      references: await listItemReferences(trx, backupSetId),
    };
  });
}

async function listTypes(
  deps: Pick<ActivityDeps, 'db' | 'graph'>,
  reader: GraphReader,
  types: ReadonlySet<string>,
): Promise<ReadonlyMap<string, LiveType | null>> {
  const live = new Map<string, LiveType | null>();
  await forEachConcurrent(concurrentListings, [...types], async (key) => {
    const type = findPolicyType(key);
    live.set(key, type === undefined ? null : await listLive(deps, reader, type));
  });
  return live;
}

/** Reads the names of referenced objects in the source, from the backup or else from the inventory. */
async function readLikeness(
  { db }: Pick<ActivityDeps, 'db'>,
  { tenantId }: SetSource,
  held: readonly RestorableItem[],
  references: readonly ItemReference[],
): Promise<ReadonlyMap<string, NamedLikeness>> {
  const distinct = new Map(references.map((one) => [policyKey(one.policyType, one.graphId), one]));
  const known = await inTenant(db, tenantId, (trx) =>
    listNamedObjects(trx, [...distinct.values()]),
  );
  return new Map<string, NamedLikeness>([
    ...[...known, ...held].map((one) => [policyKey(one.policyType, one.graphId), one] as const),
  ]);
}
