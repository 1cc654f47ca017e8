import { sql } from 'kysely';
import type { Trx } from './database.ts';

/** A limit that a 429 has shown is kept to for so long; then the tenant's other tools may have become quiet. */
const learnedSeconds = 15 * 60;
/** Of what counted in the window when Graph refused, this much was let through: at most a tenth was in flight. */
const learnedShare = 0.9;
/** A lone 429 in a quiet window, a hiccup of the service, must not slow a tenant to a standstill. */
const learnedLimitShareMin = 0.1;
const learnedLimitMin = 4;

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

/** Takes from the budget of a tenant and service; as much as there is room for, at most what is wanted. */
export async function takeGraphBudget(
  trx: Trx,
  tenantId: string,
  take: GraphBudgetTake,
): Promise<GraphBudgetTaken> {
  const { rows } = await sql<GraphBudgetTaken>`
    select granted, wait_seconds as "waitSeconds", used, workers, effective_limit as "effectiveLimit"
    from take_graph_budget(${tenantId}, ${take.service}, ${take.wanted}, ${take.inFlight}, ${take.limit},
      ${take.windowSeconds}, ${take.worker}, ${take.slowStart})`.execute(trx);
  const [taken] = rows;
  if (taken === undefined) throw new Error('take_graph_budget returned no row');
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
