/** The provider's own directory in these tests. */
export const homeTenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0001';
export const audience = 'api://tenantry';

export type Claims = Readonly<Record<string, unknown>>;

/** Makes tokens by the simulator's own keys. */
export class TokenMint {
  readonly #simulatorUrl: string;
  constructor(simulatorUrl: string) {
    this.#simulatorUrl = simulatorUrl;
  }

  /** The claims of a good token with changes; `undefined` removes a claim. */
  claims(changes: Claims = {}): Claims {
    const tid = typeof changes['tid'] === 'string' ? changes['tid'] : homeTenantId;
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: `${this.#simulatorUrl}/${tid}/v2.0`,
      aud: audience,
      tid,
      oid: '11111111-1111-4111-8111-111111111111',
      scp: 'access_as_user',
      ver: '2.0',
      name: 'Somebody',
      iat: now,
      nbf: now,
      exp: now + 3600,
      ...changes,
    };
  }

  /** Signs any claims and header by the published key or an unpublished one. */
  async sign(
    claims: Claims,
    options: { header?: Claims; key?: 'current' | 'unknown'; tamper?: string } = {},
  ): Promise<string> {
    const response = await fetch(`${this.#simulatorUrl}/_sim/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ claims, ...options }),
    });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
    const { token } = (await response.json()) as { token: string };
    return token;
  }

  /** A good token of a user. */
  user(oid: string, changes: Claims = {}): Promise<string> {
    return this.sign(this.claims({ oid, ...changes }));
  }
}
