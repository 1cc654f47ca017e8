import { z } from 'zod';
import { errorView, timeView, toTime, toTimeOrNull } from '#api/http/common-view.ts';
import type { NotificationRow } from '#db/tables.ts';
import { runStatuses } from '#domain/run/run.ts';
import { runPath } from './run-view.ts';

const kinds = runStatuses.map((status) => `run.${status}` as const);

export const notificationSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(kinds),
  tenantId: z.string(),
  runId: z.string(),
  title: z.string(),
  message: z.string(),
  error: errorView.omit({ message: true }).nullable(),
  links: z.strictObject({ run: z.string() }),
  createdAt: timeView,
  readAt: timeView.nullable(),
});

export function toNotificationView(row: NotificationRow): z.output<typeof notificationSchema> {
  return {
    id: row.id,
    kind: row.kind,
    tenantId: row.tenant_id,
    runId: row.run_id,
    title: row.title,
    message: row.message,
    error: row.error,
    links: { run: runPath(row.tenant_id, row.run_id) },
    createdAt: toTime(row.created_at),
    readAt: toTimeOrNull(row.read_at),
  };
}
