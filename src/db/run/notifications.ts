import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { PrincipalsTrx, TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { NotificationRow, RunRow } from '#db/tables.ts';
import { operations } from '#domain/run/operation.ts';
import type { RunStatus } from '#domain/run/run.ts';

const sentences: Record<RunStatus, string> = {
  queued: 'was accepted and waits for a worker.',
  running: 'has started.',
  succeeded: 'succeeded.',
  partial: 'ended with items that failed or were skipped.',
  failed: 'failed.',
  canceled: 'was cancelled.',
};

/**
 * Notifies the initiator of a run, or its `notified_id`, of the run's new status, in the transaction of the transition.
 * A second notification of the same kind is a no-op.
 */
export async function insertNotification(trx: TenantTrx, run: RunRow): Promise<void> {
  const { title } = operations[run.operation_type];
  const reason = run.error_message === null ? '' : ` ${run.error_message}`;
  await trx
    .insertInto('notifications')
    .values({
      tenant_id: trx.tenantId,
      id: uuidv7(),
      run_id: run.id,
      principal_id: run.notified_id ?? run.initiator_id,
      kind: `run.${run.status}`,
      title: `${title} ${run.status}`,
      message: `${title} ${sentences[run.status]}${reason}`,
      error:
        run.error_code === null
          ? null
          : JSON.stringify({ code: run.error_code, context: run.error_context ?? {} }),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'run_id', 'kind']).doNothing())
    .execute();
}

/** The tenants of the recipient: a former member no longer reads about the tenant's runs. */
function tenantsOf(trx: PrincipalsTrx) {
  return trx
    .selectFrom('members')
    .select('tenant_id')
    .where('principal_id', 'in', [...trx.principalIds]);
}

/** Lists the notifications of a recipient in all of its tenants, newest first. */
export async function listNotifications(
  trx: PrincipalsTrx,
  principalId: string,
  options: PageRequest & { unreadOnly: boolean },
): Promise<Page<NotificationRow>> {
  const rows = await trx
    .selectFrom('notifications')
    .selectAll()
    .where('principal_id', '=', principalId)
    .where('tenant_id', 'in', tenantsOf(trx))
    .$if(options.unreadOnly, (query) => query.where('read_at', 'is', null))
    .$if(options.before !== null, (query) => query.where('id', '<', options.before))
    .orderBy('id', 'desc')
    .limit(options.limit + 1)
    .execute();
  return toPage(rows, options.limit, (row) => row.id);
}

/**
 * Marks one notification of the recipient as read; a repetition is a no-op. Returns undefined for the id of another
 * recipient.
 */
export function markNotificationRead(
  trx: PrincipalsTrx,
  principalId: string,
  notificationId: string,
): Promise<NotificationRow | undefined> {
  return trx
    .updateTable('notifications')
    .set({ read_at: sql<Date>`coalesce(read_at, now())` })
    .where('principal_id', '=', principalId)
    .where('tenant_id', 'in', tenantsOf(trx))
    .where('id', '=', notificationId)
    .returningAll()
    .executeTakeFirst();
}

/** Marks all unread notifications of the recipient as read, and returns their number. */
export async function markAllNotificationsRead(
  trx: PrincipalsTrx,
  principalId: string,
): Promise<number> {
  const updated = await trx
    .updateTable('notifications')
    .set({ read_at: sql<Date>`now()` })
    .where('principal_id', '=', principalId)
    .where('tenant_id', 'in', tenantsOf(trx))
    .where('read_at', 'is', null)
    .executeTakeFirst();
  return Number(updated.numUpdatedRows);
}
