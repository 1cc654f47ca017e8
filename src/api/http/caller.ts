/** Who makes a request, as the verified token says: a person, or an application that stands for nobody. */
export interface Caller {
  /** `<tid>:<oid>`. */
  readonly principalId: string;
  /** The person and the groups that the token carries: whatever may hold a role. Empty for an application. */
  readonly principalIds: readonly string[];
  /** The directory that issued the token. */
  readonly tenantId: string;
  readonly displayName: string;
  readonly platformAdmin: boolean;
  /** Whether the token can be exchanged for one that acts as the caller (it carries a delegated scope). */
  readonly delegatedToken: boolean;
}

/** Far beyond any name; what is cut off is for display only. */
const displayNameCharsMax = 256;

/** Takes a name from a token and returns it without control and formatting characters, bounded in length. */
export function cleanDisplayName(name: string): string {
  const visible = name.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return Array.from(visible.trim()).slice(0, displayNameCharsMax).join('');
}
