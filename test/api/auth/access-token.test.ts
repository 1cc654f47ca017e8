import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import { BadTokenError, verifyAccessToken } from '#api/auth/access-token.ts';

const authority = 'https://login.test';
const tid = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0001';
const audience = 'api://tenantry';

describe('an access token', () => {
  let keys: JWTVerifyGetKey;
  let publicJwk: JWK;
  let privateJwk: JWK;

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'one' };
    privateJwk = await exportJWK(pair.privateKey);
    // Entra publishes keys without an algorithm, so the key alone allows every RSA signature.
    keys = createLocalJWKSet({ keys: [publicJwk] });
  });

  function sign(alg: string): Promise<string> {
    const oid = '11111111-1111-4111-8111-111111111111';
    return new SignJWT({ tid, oid, scp: 'access_as_user', ver: '2.0' })
      .setProtectedHeader({ alg, kid: 'one' })
      .setIssuer(`${authority}/${tid}/v2.0`)
      .setAudience(audience)
      .setExpirationTime('10m')
      .sign(privateJwk);
  }
  const verify = async (token: string) => verifyAccessToken(token, { authority, audience, keys });

  // Catches: a missing list of algorithms, which the published key does not restrict either.
  it('access token is valid with RS256 only, although its key can sign by other algorithms', async () => {
    expect((await verify(await sign('RS256'))).tid).toBe(tid);
    for (const alg of ['RS384', 'RS512', 'PS256', 'PS384', 'PS512']) {
      await expect(verify(await sign(alg))).rejects.toBeInstanceOf(BadTokenError);
    }
    const secret = new TextEncoder().encode(JSON.stringify(publicJwk));
    const hmac = new SignJWT({ tid }).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
    await expect(verify(await hmac)).rejects.toBeInstanceOf(BadTokenError);
  });
});
