import { adminRole } from './sample-tenants.ts';
import type { DirectoryTenant } from './simulator-directory.ts';
import type { Stack } from './stack.ts';

/** Formats the addresses, the users and the passwords of a ready stack. */
export function describeStack(stack: Stack): string[] {
  return [
    '',
    `  API               ${stack.apiUrl}/api/v1   (docs: ${stack.apiUrl}/docs)`,
    `  Console           ${stack.consoleUrl}`,
    `  Temporal Web UI   ${stack.temporalUiUrl}`,
    `  Temporal          ${stack.temporalAddress}, namespace ${stack.temporalNamespace}`,
    `  Graph simulator   ${stack.simulatorUrl}`,
    `  PostgreSQL        ${withoutPassword(stack.databaseUrl)}   (password: stack.json)`,
    `  State and logs    ${stack.home}`,
    ...stack.directory.flatMap((tenant) =>
      describeTenant(tenant, stack.env['ENTRA_HOME_TENANT_ID']),
    ),
    '',
    ...stack.notes,
  ];
}

function describeTenant(tenant: DirectoryTenant, homeTenantId: string | undefined): string[] {
  const { tenantId, displayName, users } = tenant;
  const isHome = tenantId === homeTenantId?.toLowerCase();
  const title = `  ${displayName} (${isHome ? 'home tenant, ' : ''}${tenantId})`;
  const width = Math.max(...users.map(({ userPrincipalName }) => userPrincipalName.length), 0);
  const rows = users.map((user) => {
    const role = user.roles?.includes(adminRole)
      ? 'platform administrator'
      : (user.suggestedRole ?? 'no role');
    return `    ${user.userPrincipalName.padEnd(width)}  ${user.password}  ${role}`;
  });
  return ['', title, ...rows];
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.password = '';
  return url.href;
}
