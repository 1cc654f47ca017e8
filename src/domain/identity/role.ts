/** Roles in a tenant, weakest first; each includes the ones before it. */
export const roles = ['reader', 'operator', 'manager', 'owner'] as const;
export type Role = (typeof roles)[number];

/** Whether somebody who holds `held` may do what needs `needed`. */
export function includesRole(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}

/** The strongest of several roles (a person may have one of their own and others through groups), or null for none. */
export function strongestRole(held: readonly Role[]): Role | null {
  return roles.findLast((role) => held.includes(role)) ?? null;
}
