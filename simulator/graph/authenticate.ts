import type { Claims } from '../entra/jwt.ts';
import { claim, isCurrent, verifiedClaims } from '../entra/jwt.ts';
import { graphAppId, graphResource } from '../entra/resource.ts';
import type { SigningKeys } from '../entra/signing-keys.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './call.ts';
import { GraphProblem } from './problem.ts';

/** Tokens are used thousands of times, and checking a signature costs more than a read. */
const rememberedTokensMax = 5000;

const roles = new WeakMap<Claims, ReadonlySet<string>>();

/** Identifies callers by their bearer tokens. */
export class Authenticator {
  readonly #store: Store;
  readonly #keys: SigningKeys;
  readonly #remembered = new Map<string, Claims>();

  constructor(store: Store, keys: SigningKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /**
   * Returns the caller of an Authorization header.
   * @throws GraphProblem (401) for anything but a valid Graph token.
   */
  caller(authorization: string | undefined): Caller {
    const token = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw invalid('Access token is empty.');
    const claims = this.#claims(token);
    if (claims === null || !isCurrent(claims, Date.now())) {
      throw invalid('Lifetime validation failed, the token is expired or not valid.');
    }
    const audience = claim(claims, 'aud').replace(/\/$/, '');
    if (audience !== graphResource && audience !== graphAppId) {
      throw invalid('Access token validation failure. Invalid audience.');
    }
    const tenantId = claim(claims, 'tid').toLowerCase();
    if (this.#store.tenant(tenantId) === undefined) {
      throw invalid('The identity of the calling application could not be established.');
    }
    const isApp = claim(claims, 'idtyp') === 'app' || claim(claims, 'scp') === '';
    return {
      tenantId,
      appId: claim(claims, 'appid') || claim(claims, 'azp'),
      userId: isApp ? null : claim(claims, 'oid'),
      permissions: isApp ? rolesIn(claims) : null,
    };
  }

  #claims(token: string): Claims | null {
    const known = this.#remembered.get(token);
    if (known !== undefined) return known;
    const claims = verifiedClaims(token, this.#keys, Date.now());
    if (claims === null) return null;
    if (this.#remembered.size >= rememberedTokensMax) this.#remembered.clear();
    this.#remembered.set(token, claims);
    return claims;
  }
}

/** Returns a token's roles, cached: tokens are used thousands of times. */
function rolesIn(claims: Claims): ReadonlySet<string> {
  const known = roles.get(claims);
  if (known !== undefined) return known;
  const list = claims['roles'];
  const set = new Set(Array.isArray(list) ? list.map(String) : []);
  roles.set(claims, set);
  return set;
}

function invalid(message: string): GraphProblem {
  return new GraphProblem(401, 'InvalidAuthenticationToken', message, {
    headers: {
      'www-authenticate':
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
    },
  });
}
