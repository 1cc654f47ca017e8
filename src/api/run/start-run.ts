import { z } from 'zod';
import type { Caller } from '#api/http/caller.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import type { Answer } from '#api/http/route.ts';
import type { TenantTrx } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import type { RunRequest } from '#domain/run/run-requests.ts';
import { runPath, runSchema, toRunView } from './run-view.ts';

/** A request for a run by a caller whose role in the tenant is checked already. */
export interface Starting {
  readonly deps: ApiDependencies;
  readonly caller: Caller;
  readonly tenantId: string;
}

/** The answer to every start of a run. */
export const startedSchema = z.strictObject({
  run: runSchema,
  reused: z.boolean().describe('Whether the request joined a run that was active already'),
});

/**
 * Starts a run for a caller, and answers before the run does anything.
 * @param alongside writes in the transaction that inserts the run; it is not called for a joined run.
 */
export async function startRun(
  deps: ApiDependencies,
  caller: Caller,
  request: RunRequest,
  alongside?: (trx: TenantTrx, run: RunRow) => Promise<void>,
): Promise<Answer> {
  const initiator = { id: caller.principalId, displayName: caller.displayName };
  return startedAnswer(deps, await deps.runs.start(request, initiator, alongside));
}

export function startedAnswer(
  deps: ApiDependencies,
  { run, reused }: { run: RunRow; reused: boolean },
): Answer {
  return {
    body: { run: toRunView(run, deps.config), reused },
    headers: { Location: runPath(run.tenant_id, run.id) },
  };
}
