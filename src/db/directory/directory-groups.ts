import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { DirectoryGroupRow } from '#db/tables.ts';
import type { DirectoryGroup } from '#domain/directory/directory-group.ts';
import { guidPattern } from '#domain/identity/principal.ts';

/** Writes one page of a listing into the cache: new groups are added, known ones updated. */
export async function upsertSeenGroups(
  trx: TenantTrx,
  seen: readonly DirectoryGroup[],
): Promise<void> {
  // A page repeats an id if the list changed during the listing; the upsert would touch its row twice and fail.
  const unique = [...new Map(seen.map((group) => [group.groupId, group])).values()];
  if (unique.length === 0) return;
  await trx
    .insertInto('directory_groups')
    .values(
      unique.map((group) => ({
        tenant_id: trx.tenantId,
        group_id: group.groupId,
        row_id: uuidv7(),
        display_name: group.displayName,
        security_enabled: group.securityEnabled,
        mail_enabled: group.mailEnabled,
        membership_type: group.membershipType,
        membership_rule: group.membershipRule,
        on_premises: group.onPremises,
        present: true,
        last_seen_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'group_id']).doUpdateSet((eb) => ({
        display_name: eb.ref('excluded.display_name'),
        security_enabled: eb.ref('excluded.security_enabled'),
        mail_enabled: eb.ref('excluded.mail_enabled'),
        membership_type: eb.ref('excluded.membership_type'),
        membership_rule: eb.ref('excluded.membership_rule'),
        on_premises: eb.ref('excluded.on_premises'),
        present: true,
        last_seen_at: eb.ref('excluded.last_seen_at'),
      })),
    )
    .execute();
}

/** Ends a complete listing: marks all groups not seen since `listedSince`, a time of the database's clock, as absent. */
export async function markUnseenGroupsAbsent(trx: TenantTrx, listedSince: Date): Promise<void> {
  await trx
    .updateTable('directory_groups')
    .set({ present: false })
    .where('tenant_id', '=', trx.tenantId)
    .where('present', '=', true)
    .where('last_seen_at', '<', listedSince)
    .execute();
}

/** Lists the groups of a tenant, newest first, optionally with a text in their names, in either case. */
export async function listGroups(
  trx: TenantTrx,
  filter: { readonly nameContains?: string | undefined },
  page: PageRequest,
): Promise<Page<DirectoryGroupRow>> {
  let query = trx.selectFrom('directory_groups').selectAll().where('tenant_id', '=', trx.tenantId);
  if (filter.nameContains !== undefined) {
    query = query.where(
      sql<boolean>`position(lower(${filter.nameContains}) in lower(display_name)) > 0`,
    );
  }
  if (page.before !== null) query = query.where('row_id', '<', page.before);
  const rows = await query
    .orderBy('row_id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.row_id);
}

/** A group in the cache. */
export interface KnownGroup {
  readonly displayName: string;
  readonly membershipType: 'assigned' | 'dynamic';
  readonly membershipRule: string | null;
  /** True if the last complete listing contained the group. */
  readonly present: boolean;
}

/**
 * Finds groups in the cache, by their ids in lower case; unknown ids are missing from the result.
 * @param groupIds in either case; a text other than a GUID is an unknown id.
 */
export async function findGroups(
  trx: TenantTrx,
  groupIds: Iterable<string>,
): Promise<Map<string, KnownGroup>> {
  const wanted = [...new Set([...groupIds].map((id) => id.toLowerCase()))];
  const ids = wanted.filter((id) => guidPattern.test(id));
  const rows = await trx
    .selectFrom('directory_groups')
    .select(['group_id', 'display_name', 'membership_type', 'membership_rule', 'present'])
    .where('tenant_id', '=', trx.tenantId)
    .where(sql<boolean>`group_id = any(${ids}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.group_id,
      {
        displayName: row.display_name,
        membershipType: row.membership_type,
        membershipRule: row.membership_rule,
        present: row.present,
      },
    ]),
  );
}

/** Finds the ids of groups by name, but only for names borne by one group of the tenant. */
export async function findGroupIdsByNames(
  trx: TenantTrx,
  names: Iterable<string>,
): Promise<Map<string, string>> {
  const rows = await trx
    .selectFrom('directory_groups')
    .select(['display_name', sql<string>`min(group_id::text)`.as('group_id')])
    .where('tenant_id', '=', trx.tenantId)
    // The index holds hashes, since a name may be longer than an index entry.
    .where(
      sql<boolean>`md5(display_name) in (select md5(name) from unnest(${[...new Set(names)]}::text[]) name)`,
    )
    .groupBy('display_name')
    .having((eb) => eb.fn.countAll(), '=', 1)
    .execute();
  return new Map(rows.map((row) => [row.display_name, row.group_id]));
}

/**
 * Tells whether the directory of a tenant was ever listed completely. Before, a group missing from the cache may well
 * exist.
 */
export async function hasDirectory(trx: TenantTrx): Promise<boolean> {
  const row = await trx
    .selectFrom('runs')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('operation_type', '=', 'directory.sync')
    .where('succeeded', '>', 0)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
