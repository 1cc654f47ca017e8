import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/**
 * While a restore asks for requests, all other reads of the tenant share this part of the limit: an administrator waits for a
 * restore, a backup has the night. The remaining fifth gives a restore at the full limit of writes (a tenth of the requests)
 * as many reads at once. If it uses more, the other reads get less.
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
  /** True if the limit has to prove itself first: workers approach an unproven level with few requests in flight. */
  readonly slowStart: boolean;
}

export interface GraphBudgetTaken {
  readonly granted: number;
  /** If nothing is granted: the wait before the next try; null if the worker's own requests in flight are in the way. */
  readonly waitSeconds: number | null;
  /** The count of the window, this grant included. */
  readonly used: number;
  /** The number of workers that have taken from the window, the asking worker included. */
  readonly workers: number;
  /** The limit, or the lower limit that a 429 has shown lately. */
  readonly effectiveLimit: number;
}

/** Grants up to the wanted number of requests of a tenant and service, and leaves room for the tenant's restores. */
export async function takeGraphBudget(
  trx: TenantTrx,
  take: GraphBudgetTake,
): Promise<GraphBudgetTaken> {
  const { rows } = await sql<GraphBudgetTaken>`
    select granted, wait_seconds as "waitSeconds", used, workers, effective_limit as "effectiveLimit"
    from take_graph_budget_beside_restores(${trx.tenantId}, ${take.service}, ${take.wanted}, ${take.inFlight}, ${take.limit},
      ${take.windowSeconds}, ${take.worker}, ${take.slowStart}, ${othersShare})`.execute(trx);
  return onlyRow(rows);
}

/** The separate count of a service's writes. */
export interface GraphWritesCount {
  readonly service: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * Takes requests for a restore, and the same number of writes if the service counts writes apart. From now on other reads leave
 * room for the restore. The result describes the count of writes, or the count of requests if that one is exhausted.
 */
export async function takeGraphBudgetForRestore(
  trx: TenantTrx,
  take: GraphBudgetTake,
  writes: GraphWritesCount | null,
): Promise<GraphBudgetTaken> {
  const { rows } = await sql<GraphBudgetTaken>`
    select granted, wait_seconds as "waitSeconds", used, workers, effective_limit as "effectiveLimit"
    from take_graph_budget_for_restore(${trx.tenantId}, ${take.service}, ${take.wanted}, ${take.inFlight}, ${take.limit},
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
