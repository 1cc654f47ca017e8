import type { Caller } from '#api/http/caller.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { forbidden, type InputError, invalidRequest, Problem } from '#api/http/problem.ts';
import { type BackupSetSummary, findBackupSetById } from '#db/backup/backup-sets.ts';
import { listCapturedItemIds } from '#db/backup/chosen-items.ts';
import { inTenant } from '#db/database.ts';
import { findRole } from '#db/tenant/members.ts';
import { includesRole } from '#domain/identity/role.ts';

/**
 * Checks the caller's role in the source of a restore into another tenant, before any other look at the source.
 * @throws Problem 403, the same for a tenant that does not exist.
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

/** The source of a restore in a body. */
export interface ChosenSource {
  readonly backupSetId: string;
  readonly itemIds?: readonly string[] | undefined;
}

/**
 * The backup set of a body, with a check of the body's items.
 * @param sourceTenantId a tenant in which the caller's role is checked.
 * @throws Problem `invalid_request` naming unknown ids and ids of other tenants alike.
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

/** The answer to a body with an unknown set. */
export function unknownBackupSet(backupSetId: string): Problem {
  const message = `${backupSetId} is no backup set of the source`;
  return invalidRequest([{ path: 'backupSetId', message }]);
}

/** The first errors are enough for a client. */
const errorsMax = 20;

/** @throws Problem `invalid_request` naming each item outside of the choice. */
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
