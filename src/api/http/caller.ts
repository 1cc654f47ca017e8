/** The sender of a request by its verified token: a person, or an application without a user. */
export interface Caller {
  /** `<tid>:<oid>`. */
  readonly principalId: string;
  /** The principals that may hold a role: the person and the groups of the token. Empty for an application. */
  readonly principalIds: readonly string[];
  /** The directory that issued the token. */
  readonly tenantId: string;
  readonly displayName: string;
  readonly platformAdmin: boolean;
  /** The token has a delegated scope, so Entra can exchange it for a Graph token of the caller. */
  readonly delegatedToken: boolean;
}

/** Far longer than any name; the name is for display only. */
const displayNameCharsMax = 256;

/** Removes control and formatting characters and bounds the length: the token's issuer chooses the name. */
export function cleanDisplayName(name: string): string {
  const visible = name.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return Array.from(visible.trim()).slice(0, displayNameCharsMax).join('');
}
