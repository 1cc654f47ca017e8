/** Roles in a tenant, weakest first; each includes the previous ones. */
export const roles = ['reader', 'operator', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

/** True if the role `held` includes the role `needed`. */
export function includesRole(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}

/** The strongest of several roles, or null. A person may have a role of their own and others through groups. */
export function strongestRole(held: readonly Role[]): Role | null {
  return roles.findLast((role) => held.includes(role)) ?? null;
}
