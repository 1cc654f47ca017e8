import type { Caller } from '#api/http/caller.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { forbidden, type InputError, invalidRequest, Problem } from '#api/http/problem.ts';
import { type BackupSetSummary, findBackupSetById } from '#db/backup/backup-sets.ts';
import { listCapturedItemIds } from '#db/backup/chosen-items.ts';
import { inTenant } from '#db/database.ts';
import { findRole } from '#db/tenant/members.ts';
import { includesRole } from '#domain/identity/role.ts';

/**
 * Lets a caller restore from a tenant into another one. Nothing else of the source is looked at before.
 * @throws Problem 403, the same whether there is a tenant of that id or not.
 */
export async function requireSourceRole(
  deps: ApiDependencies,
  caller: Caller,
  sourceTenantId: string,
): Promise<void> {
  const role = await inTenant(deps.db, sourceTenantId, (trx) => findRole(trx, caller.principalIds));
  if (role === null) throw forbidden();
  if (!includesRole(role, 'operator')) {
    throw new Problem('forbidden', 'This needs the role operator in the tenant of the source.');
  }
}

/** What a body says of what is to be restored. */
export interface ChosenSource {
  readonly backupSetId: string;
  readonly itemIds?: readonly string[] | undefined;
}

/**
 * The backup set that a body names, with the items that it names.
 * @param sourceTenantId a tenant in which the caller may work with sets.
 * @throws Problem `invalid_request` naming what the tenant does not have, be it another's or nobody's.
 */
export async function readChosenSource(
  deps: ApiDependencies,
  sourceTenantId: string,
  { backupSetId, itemIds = [] }: ChosenSource,
): Promise<BackupSetSummary> {
  const { set, captured } = await inTenant(deps.db, sourceTenantId, async (trx) => ({
    set: await findBackupSetById(trx, backupSetId),
    captured: await listCapturedItemIds(trx, backupSetId, itemIds),
  }));
  if (set === undefined) throw unknownBackupSet(backupSetId);
  refuseOtherItems(itemIds, captured, 'is no item of this backup set');
  return set;
}

/** What is answered where a body names a set that there is not. */
export function unknownBackupSet(backupSetId: string): Problem {
  const message = `${backupSetId} is no backup set of the source`;
  return invalidRequest([{ path: 'backupSetId', message }]);
}

/** A client learns enough from the first few. */
const errorsMax = 20;

/** Throws Problem `invalid_request` naming each item of a body that is none of those that may be chosen. */
export function refuseOtherItems(
  itemIds: readonly string[],
  choice: ReadonlySet<string>,
  why: string,
): void {
  const errors = itemIds.flatMap((id, index): InputError[] =>
    choice.has(id) ? [] : [{ path: `itemIds.${index}`, message: `${id} ${why}` }],
  );
  if (errors.length > 0) throw invalidRequest(errors.slice(0, errorsMax));
}
