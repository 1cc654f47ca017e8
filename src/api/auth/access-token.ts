import { decodeJwt, jwtVerify, type JWTHeaderParameters, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { guidPattern } from '#domain/identity/principal.ts';
import { SigningKeysUnavailableError } from './signing-keys.ts';

/** How far the authority's clock and ours may differ. */
const clockSkewSeconds = 60;
/** Entra's longest-lived access tokens last 28 hours; one that claims more was not made by it. */
const lifetimeSecondsMax = 48 * 60 * 60;
/** Header members that tell a verifier where to find a key. Ours come from the configured authority alone. */
const forbiddenHeaderMembers = ['crit', 'jku', 'jwk', 'x5u', 'x5c'] as const;

const guid = z.string().toLowerCase().regex(guidPattern);
const seconds = z.int().nonnegative();

const facts = z.object({
  ver: z.literal('2.0'),
  aud: z.string(),
  tid: guid,
  oid: guid,
  exp: seconds,
  iat: seconds.optional(),
  nbf: seconds.optional(),
  roles: z.array(z.string()).optional(),
  groups: z.array(z.string()).optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/** The claims of a user's access token of Entra, version 2.0. `scp` keeps id tokens out. */
const userClaims = facts.extend({
  scp: z.string().trim().min(1),
  idtyp: z.literal('user').optional(),
});

/** The claims of a token with which an application stands for itself: Entra says so, or its subject is its object. */
const applicationClaims = facts
  .extend({
    scp: z.undefined().optional(),
    idtyp: z.literal('app').optional(),
    sub: z.string().optional(),
  })
  .refine(({ idtyp, sub, oid }) => idtyp === 'app' || sub === oid);

const claimsSchema = z.union([userClaims, applicationClaims]);

/** Without `scp` they are an application's. */
export type AccessTokenClaims = z.output<typeof claimsSchema>;

/** The token proves nothing. The reason is for the log at debug level only; the caller is told none. */
export class BadTokenError extends Error {
  override readonly name = 'BadTokenError';
}

function refuseUnlessPlain(header: JWTHeaderParameters): void {
  const { kid } = header;
  if (typeof kid !== 'string' || kid === '') throw new BadTokenError('no key id');
  if (forbiddenHeaderMembers.some((member) => Object.hasOwn(header, member))) {
    throw new BadTokenError('the header names a key of its own');
  }
}

function refuseOddTimes(claims: AccessTokenClaims): void {
  const nowSeconds = Date.now() / 1000;
  if (claims.exp > nowSeconds + lifetimeSecondsMax) throw new BadTokenError('expires too late');
  if (claims.iat !== undefined && claims.iat > nowSeconds + clockSkewSeconds) {
    throw new BadTokenError('issued in the future');
  }
}

/**
 * Verifies an access token: signature, algorithm, issuer, audience and times, and that `tid` is the issuer's.
 * Whether tokens of that directory are welcome is for the caller of this to decide.
 * @throws BadTokenError for whatever is wrong with the token.
 * @throws SigningKeysUnavailableError when it could not be checked.
 */
export async function verifyAccessToken(
  token: string,
  expected: { authority: string; audience: string; keys: JWTVerifyGetKey },
): Promise<AccessTokenClaims> {
  try {
    const unverifiedTid = guid.parse(decodeJwt(token)['tid']);
    const { payload } = await jwtVerify(
      token,
      (header, flattened) => {
        refuseUnlessPlain(header);
        return expected.keys(header, flattened);
      },
      {
        algorithms: ['RS256'],
        // The issuer is made of the claimed tid, so a token of one directory cannot claim another.
        issuer: `${expected.authority}/${unverifiedTid}/v2.0`,
        audience: expected.audience,
        clockTolerance: clockSkewSeconds,
        requiredClaims: ['exp', 'iss', 'aud', 'tid'],
      },
    );
    const claims = claimsSchema.parse(payload);
    refuseOddTimes(claims);
    return claims;
  } catch (error) {
    if (error instanceof SigningKeysUnavailableError || error instanceof BadTokenError) throw error;
    throw new BadTokenError('not a token of this authority for this API', { cause: error });
  }
}
