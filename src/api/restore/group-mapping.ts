import type { ApiDependencies } from '#api/http/dependencies.ts';
import { type InputError, invalidRequest } from '#api/http/problem.ts';
import { inTenant } from '#db/database.ts';
import { findGroups, hasDirectory } from '#db/directory/directory-groups.ts';

/** The first errors are enough for a client. */
const errorsMax = 20;

/**
 * Checks that the last directory sync has found every target group of a mapping in the tenant.
 * @throws Problem `invalid_request` naming each entry with an unknown, deleted or foreign group.
 */
export async function requireMappedGroups(
  deps: ApiDependencies,
  tenantId: string,
  mapping: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries = Object.entries(mapping);
  if (entries.length === 0) return;
  const { known, synced } = await inTenant(deps.db, tenantId, async (trx) => ({
    known: await findGroups(trx, Object.values(mapping)),
    synced: await hasDirectory(trx),
  }));
  const advice = synced
    ? 'Run a directory sync if it is new'
    : 'The directory was never synced: run a directory sync first';
  const errors = entries.flatMap(([from, to]): InputError[] =>
    known.get(to)?.present === true
      ? []
      : [
          {
            path: `groupMapping.${from}`,
            message: `${to} is no known group of this tenant. ${advice}`,
          },
        ],
  );
  if (errors.length > 0) throw invalidRequest(errors.slice(0, errorsMax));
}
