import { z } from 'zod';
import { timeView, toTime } from '#api/http/common-view.ts';
import type { DirectoryGroupRow } from '#db/tables.ts';

export const directoryGroupSchema = z.strictObject({
  groupId: z.string(),
  displayName: z.string(),
  securityEnabled: z.boolean(),
  mailEnabled: z.boolean(),
  membershipType: z.enum(['assigned', 'dynamic']),
  onPremises: z.boolean().describe("Whether it is synced from the customer's own directory"),
  present: z.boolean().describe('Whether the last sync found it in the directory'),
  lastSeenAt: timeView,
});

export function toDirectoryGroupView(
  row: DirectoryGroupRow,
): z.output<typeof directoryGroupSchema> {
  return {
    groupId: row.group_id,
    displayName: row.display_name,
    securityEnabled: row.security_enabled,
    mailEnabled: row.mail_enabled,
    membershipType: row.membership_type,
    onPremises: row.on_premises,
    present: row.present,
    lastSeenAt: toTime(row.last_seen_at),
  };
}
