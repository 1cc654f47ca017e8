import { sql } from 'kysely';
import type { Trx } from '#db/database.ts';

/** A limit that a 429 has shown is kept to for so long; then the tenant's other tools may have become quiet. */
const learnedSeconds = 15 * 60;
/** Of what counted in the window when Graph refused, this much was let through: at most a tenth was in flight. */
const learnedShare = 0.9;
/** A lone 429 in a quiet window, a hiccup of the service, must not slow a tenant to a standstill. */
const learnedLimitShareMin = 0.1;
const learnedLimitMin = 4;

/**
 * As long as a restore asks for requests, all others of the tenant have no more than this of the limit, so that it finds room:
 * an administrator waits for a restore, a backup has the night. Four fifths leave a restore at the full limit
 * of writes (a tenth of the requests) as many reads again, at once; what it uses beyond that, others go without as well.
 */
const othersShare = 0.8;

export interface GraphBudgetTake {
  readonly service: string;
  readonly wanted: number;
  /** The worker's own unanswered requests to this tenant and service. */
  readonly inFlight: number;
  /** Requests in a window. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** A UUID of the process. */
  readonly worker: string;
  /** Whether the limit has to prove itself first: what was never used is approached with little in flight. */
  readonly slowStart: boolean;
}

export interface GraphBudgetTaken {
  readonly granted: number;
  /** With nothing granted: when to ask again; null when the worker's own requests in flight are in the way. */
  readonly waitSeconds: number | null;
  /** What counts in the window, this grant included. */
  readonly used: number;
  /** Workers that have taken from it in the window, the asking one included. */
  readonly workers: number;
  /** The limit, or the lower one that a 429 has shown lately. */
  readonly effectiveLimit: number;
}

/** Takes from the budget of a tenant and service; as much as there is room for beside restores, at most what is wanted. */
export async function takeGraphBudget(
  trx: Trx,
  tenantId: string,
  take: GraphBudgetTake,
): Promise<GraphBudgetTaken> {
  const { rows } = await sql<GraphBudgetTaken>`
    select granted, wait_seconds as "waitSeconds", used, workers, effective_limit as "effectiveLimit"
    from take_graph_budget_beside_restores(${tenantId}, ${take.service}, ${take.wanted}, ${take.inFlight}, ${take.limit},
      ${take.windowSeconds}, ${take.worker}, ${take.slowStart}, ${othersShare})`.execute(trx);
  return onlyRow(rows);
}

/** A second count that a request is taken from, in the same moment or not at all. */
export interface GraphWritesCount {
  readonly service: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * Takes from the budget of a tenant and service for a restore, and where writes are counted apart, from their budget, too.
 * Others leave it some room from now on. Returns what became of the writes, or of the requests where those are in the way.
 */
export async function takeGraphBudgetForRestore(
  trx: Trx,
  tenantId: string,
  take: GraphBudgetTake,
  writes: GraphWritesCount | null,
): Promise<GraphBudgetTaken> {
  const { rows } = await sql<GraphBudgetTaken>`
    select granted, wait_seconds as "waitSeconds", used, workers, effective_limit as "effectiveLimit"
    from take_graph_budget_for_restore(${tenantId}, ${take.service}, ${take.wanted}, ${take.inFlight}, ${take.limit},
      ${take.windowSeconds}, ${take.worker}, ${take.slowStart},
      ${writes?.service ?? null}, ${writes?.limit ?? null}, ${writes?.windowSeconds ?? null})`.execute(
    trx,
  );
  return onlyRow(rows);
}

function onlyRow([taken]: readonly GraphBudgetTaken[]): GraphBudgetTaken {
  if (taken === undefined) throw new Error('the budget returned no row');
  return taken;
}

export interface GraphThrottling {
  readonly service: string;
  /** What counted in the window when the refused request was granted. */
  readonly used: number;
  /** Requests in a window, as configured. */
  readonly limit: number;
  readonly blockedSeconds: number;
}

/** Keeps a 429 in the budget that the refused request was taken from: a wait for all, and the limit that it shows. */
export async function noteGraphThrottled(
  trx: Trx,
  tenantId: string,
  { service, used, limit, blockedSeconds }: GraphThrottling,
): Promise<void> {
  const level = Math.floor(used * learnedShare);
  const learned = Math.max(level, learnedLimitMin, Math.floor(limit * learnedLimitShareMin));
  // Of several that were refused together, the first in the window says where the limit is.
  await sql`
    update graph_budgets set
      blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => ${blockedSeconds})),
      learned_limit = case when learned_until > clock_timestamp()
        then least(learned_limit, ${learned}::integer) else ${learned} end,
      learned_until = clock_timestamp() + make_interval(secs => ${learnedSeconds}),
      proven = case when learned_until > clock_timestamp()
        then least(proven, ${level}::integer) else ${level} end
    where tenant_id = ${tenantId} and service = ${service}`.execute(trx);
}
