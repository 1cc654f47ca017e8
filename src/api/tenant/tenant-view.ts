import { z } from 'zod';
import { timeView, toTime } from '#api/http/common-view.ts';
import type { TenantRow } from '#db/tables.ts';
import { type Role, roles } from '#domain/identity/role.ts';

export const tenantSchema = z.strictObject({
  tenantId: z.string(),
  displayName: z.string(),
  role: z.enum(roles).nullable().describe("The caller's role; null for none"),
  createdAt: timeView,
});

export function toTenantView(row: TenantRow, role: Role | null): z.output<typeof tenantSchema> {
  return {
    tenantId: row.tenant_id,
    displayName: row.display_name,
    role,
    createdAt: toTime(row.created_at),
  };
}
