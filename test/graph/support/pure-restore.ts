import { parseDocument } from '#domain/json/policy-document.ts';
import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { withCreatedIds } from '#domain/restore/created-ids.ts';
import { matchTargets } from '#domain/restore/mapping/match-targets.ts';
import { liveTypeOf, resolveReference } from '#domain/restore/mapping/resolve-references.ts';
import type { ItemPlan, RestoreOptions, Target } from '#domain/restore/plan.ts';
import { orderItems } from '#domain/restore/plan/order-items.ts';
import { planItem } from '#domain/restore/plan/plan-item.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import type { ListedPolicy } from '#graph/capture/listed-policy.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { writesBetween } from '#test/domain/support/planned-writes.ts';
import { namedGuid } from '#test/support/generated/seeded-random.ts';
import type { WriteRound } from './write-round.ts';

/** An object of a backup, with the parts a restore needs. */
export interface BackedUp {
  readonly itemId: string;
  readonly type: PolicyType;
  readonly listed: ListedPolicy;
  readonly document: string;
  readonly references: readonly { readonly policyType: string; readonly graphId: string }[];
}

/** A backup: its restorable objects, and the names of all listed objects of the tenant. */
export interface Backup {
  readonly items: readonly BackedUp[];
  readonly listed: ReadonlyMap<string, readonly ListedPolicy[]>;
}

/** The outcome of one item. */
export interface PureOutcome {
  readonly item: BackedUp;
  readonly plan: ItemPlan;
  readonly writes: number;
  /** Graph's text if it refused a write; null if it did not. */
  readonly refused: string | null;
}

/** A restore by the planner and the writes only, against the simulator: no runs, workflows and database. */
export interface PureRestore {
  readonly backUp: () => Promise<Backup>;
  readonly restore: (backup: Backup, how: How) => Promise<PureOutcome[]>;
}

/** The kind of target and the options of a restore. */
export interface How {
  readonly sameTenant: boolean;
  readonly groupOf: (groupId: string) => string | null;
  readonly options: RestoreOptions;
}

export function pureRestore(reader: GraphReader, round: WriteRound): PureRestore {
  return {
    backUp: () => backUp(reader),
    restore: async (backup, how) => {
      const live = await listTypes(reader);
      const plans = await planAll(backup, live, how, round);
      return carryOut(inOrder(backup.items), plans, round);
    },
  };
}

interface Listing {
  readonly policies: ListedPolicy[];
  readonly builtInIds: Set<string>;
}

async function listTypes(reader: GraphReader): Promise<Map<string, Listing>> {
  const live = new Map<string, Listing>();
  for (const type of policyTypes) {
    const listing: Listing = { policies: [], builtInIds: new Set() };
    for await (const page of listPolicies(reader, type)) {
      listing.policies.push(...page.policies);
      for (const id of page.builtInIds) listing.builtInIds.add(id.toLowerCase());
    }
    live.set(type.type, listing);
  }
  return live;
}

async function backUp(reader: GraphReader): Promise<Backup> {
  const items: BackedUp[] = [];
  const listed = new Map<string, readonly ListedPolicy[]>();
  for (const [name, { policies }] of await listTypes(reader)) {
    const type = findPolicyType(name);
    listed.set(name, policies);
    if (type === undefined || type.restore === null) continue;
    const captured = await eachOf(policies, async (policy): Promise<BackedUp> => {
      const { document, references } = await capturePolicy(reader, type, policy.graphId);
      const itemId = namedGuid(`item ${name} ${policy.graphId}`);
      return { itemId, type, listed: policy, document, references };
    });
    items.push(...captured);
  }
  return { items, listed };
}

interface Planned {
  readonly plan: ItemPlan;
  readonly target: Target;
}

async function planAll(
  { items, listed }: Backup,
  live: ReadonlyMap<string, Listing>,
  { groupOf, options, sameTenant }: How,
  round: WriteRound,
): Promise<Map<string, Planned>> {
  const known = items.map((item) => ({ ...item, ...item.listed, policyType: item.type.type }));
  const targets = matchTargets({
    items: known.map((item) => ({ ...item, inScope: true })),
    live: [...live].flatMap(([policyType, { policies }]) =>
      policies.map((policy) => ({ ...policy, policyType })),
    ),
    mapping: () => null,
    sameTenant,
  });
  const keyOf = (policyType: string, id: string) => `${policyType} ${id.toLowerCase()}`;
  const bySource = new Map(known.map((item) => [keyOf(item.policyType, item.graphId), item]));
  const types = new Map(
    [...live].map(([type, { builtInIds, policies }]) => [type, liveTypeOf(policies, builtInIds)]),
  );
  const facts = {
    sameTenant,
    live: (policyType: string) => types.get(policyType) ?? null,
    itemOf: (policyType: string, id: string) => {
      const item = bySource.get(keyOf(policyType, id));
      const target = item === undefined ? undefined : targets.get(item.itemId);
      return item === undefined || target === undefined
        ? undefined
        : { itemId: item.itemId, target };
    },
    mappedTo: () => null,
    likenessOf: (policyType: string, id: string) =>
      listed.get(policyType)?.find(({ graphId }) => graphId.toLowerCase() === id),
  };
  const plans = await eachOf(items, async (item): Promise<[string, Planned]> => {
    const target = targets.get(item.itemId) ?? { kind: 'create' };
    const plan = planItem({
      policyType: item.type,
      source: parseDocument(item.document),
      live:
        target.kind === 'exists'
          ? parseDocument(await round.capture(item.type, target.graphId))
          : null,
      target,
      sameTenant,
      resolve: (policyType, id) => resolveReference(facts, policyType, id),
      groupOf,
      groupNameOf: () => null,
      options,
    });
    return [item.itemId, { plan, target }];
  });
  return new Map(plans);
}

const atOnce = 8;

/** Runs `work` for each element, a few at a time, and returns the results in order. */
async function eachOf<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += atOnce) {
    done.push(...(await Promise.all(all.slice(from, from + atOnce).map(work))));
  }
  return done;
}

function inOrder(items: readonly BackedUp[]): BackedUp[] {
  const byId = new Map(items.map((item) => [item.itemId, item]));
  const order = orderItems(
    items.map((item) => {
      const { item: own } = JSON.parse(item.document) as { item: { priority?: unknown } };
      const priority = typeof own.priority === 'number' ? own.priority : null;
      return { ...item.listed, itemId: item.itemId, policyType: item.type.type, priority };
    }),
    items.flatMap(({ itemId, references }) => references.map((one) => ({ ...one, itemId }))),
  );
  return order.map(({ itemId }) => byId.get(itemId)).filter((item) => item !== undefined);
}

async function carryOut(
  items: readonly BackedUp[],
  plans: ReadonlyMap<string, Planned>,
  round: WriteRound,
): Promise<PureOutcome[]> {
  const graphIds = new Map<string, string>();
  const outcomes: PureOutcome[] = [];
  for (const item of items) {
    const planned = plans.get(item.itemId);
    if (planned === undefined) throw new Error(`no plan for ${item.itemId}`);
    outcomes.push(await carryOutOne(item, planned, graphIds, round));
  }
  return outcomes;
}

async function carryOutOne(
  item: BackedUp,
  { plan, target }: Planned,
  graphIds: Map<string, string>,
  round: WriteRound,
): Promise<PureOutcome> {
  const done = (writes: number, refused: string | null = null): PureOutcome => ({
    ...{ item, plan, writes, refused },
  });
  if (target.kind === 'exists') graphIds.set(item.itemId, target.graphId);
  if (plan.action === 'blocked' || plan.action === 'none') return done(0);
  const desired = withCreatedIds(plan.desired, graphIds);
  if (desired === null) return done(0, 'what it refers to was not made');
  const id = target.kind === 'exists' ? target.graphId : null;
  const live = id === null ? null : await round.capture(item.type, id);
  const writes = writesBetween(item.type, desired, live);
  try {
    const made = await round.send(writes, id);
    graphIds.set(item.itemId, made);
    const left = writesBetween(item.type, desired, await round.capture(item.type, made));
    const names = left.map(({ name }) => name).join();
    return done(writes.length, left.length === 0 ? null : `left to be written: ${names}`);
  } catch (error) {
    return done(writes.length, error instanceof Error ? error.message : String(error));
  }
}
