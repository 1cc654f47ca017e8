import { notFound } from '#api/http/problem.ts';
import type { Answer, StartAgain } from '#api/http/route.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import type { RepeatableOperation, Repetition } from '#domain/run/rerun.ts';
import type { Starting } from './start-run.ts';

/** The start of an operation by a rerun: with the checks of its route, because objects and rights may have gone. */
export function startsAgain<O extends RepeatableOperation>(
  operation: O,
  again: (starting: Starting, rerun: Repetition<O>) => Promise<Answer>,
): StartAgain {
  return { operation, again: again as StartAgain['again'] };
}

/** The object that an earlier run was about. @throws Problem 404 if it is gone. */
export async function existing<Row>(
  { deps, tenantId }: Starting,
  find: (trx: TenantTrx, id: string) => Promise<Row | undefined>,
  id: string | null,
): Promise<Row> {
  const row = id === null ? undefined : await inTenant(deps.db, tenantId, (trx) => find(trx, id));
  if (row === undefined) throw notFound();
  return row;
}
