import { z } from 'zod';
import type { MemberRow } from '#db/tables.ts';
import { roles } from '#domain/identity/role.ts';

export const memberKinds = ['user', 'group'] as const;

export const memberSchema = z.strictObject({
  principalId: z.string(),
  kind: z.enum(memberKinds),
  displayName: z.string().nullable(),
  role: z.enum(roles),
});

export function toMemberView(row: MemberRow): z.output<typeof memberSchema> {
  return {
    principalId: row.principal_id,
    kind: row.kind,
    displayName: row.display_name,
    role: row.role,
  };
}
