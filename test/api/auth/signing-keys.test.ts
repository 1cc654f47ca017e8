import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import { createSigningKeys, SigningKeysUnavailableError } from '#api/auth/signing-keys.ts';

interface TestKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

async function newKey(kid: string): Promise<TestKey> {
  return { kid, ...(await generateKeyPair('RS256')) };
}

function sign(key: TestKey, kid = key.kid): Promise<string> {
  return new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(key.privateKey);
}

describe('the signing keys of the authority', () => {
  let server: Server;
  let fetches = 0;
  let published: TestKey[] = [];
  let broken = false;
  let nowMs = 0;
  let find: ReturnType<typeof createSigningKeys>;
  let first: TestKey;

  beforeEach(async () => {
    [fetches, broken, nowMs] = [0, false, 1_000_000];
    first = await newKey('first');
    published = [first];
    server = createServer((_request, response) => {
      fetches += 1;
      if (broken) {
        response.writeHead(500).end();
        return;
      }
      void Promise.all(
        published.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid })),
      ).then((keys) => response.end(JSON.stringify({ keys })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    find = createSigningKeys(
      `http://127.0.0.1:${port}/keys`,
      () => undefined,
      () => nowMs,
    );
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** Waits until a background fetch has ended and its keys are in use. */
  async function fetched(times: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 10) {
      if (fetches >= times) break;
      await sleep(10);
    }
    expect(fetches).toBe(times);
    await sleep(200);
  }

  const verify = async (token: string) => jwtVerify(token, find);

  // Catches: a fetch for every unknown key id.
  it('signing keys are fetched once for a thousand invented key ids within 30 s, and once more later', async () => {
    await verify(await sign(first));
    const flood = async () => {
      for (let n = 0; n < 1_000; n += 1) {
        await expect(verify(await sign(first, `made-up-${n % 7}`))).rejects.toThrow(
          /no applicable key/,
        );
      }
    };
    await flood();
    expect(fetches).toBe(1);
    nowMs += 30_001;
    await flood();
    expect(fetches).toBe(2);
  });

  // Catches: keys cached forever, so that a rotation locks every caller out.
  it('signing keys recover from a rotation after the cooldown', async () => {
    await verify(await sign(first));
    const second = await newKey('second');
    published = [second, first];
    await expect(verify(await sign(second))).rejects.toThrow(/no applicable key/);
    nowMs += 30_001;
    await verify(await sign(second));
    expect(fetches).toBe(2);
  });

  // Catches: cached keys dropped during an outage, and a withdrawn key that stays valid.
  it('signing keys survive an outage of hours, and a withdrawn key is dropped after it', async () => {
    await verify(await sign(first));
    broken = true;
    nowMs += 5 * 60 * 60_000;
    await verify(await sign(first));
    await fetched(2);
    broken = false;
    published = [await newKey('second')];
    nowMs += 60_000;
    await verify(await sign(first));
    await fetched(3);
    await expect(verify(await sign(first))).rejects.toThrow(/no applicable key/);
  });

  // Catches: a 401 because the authority is down, and one fetch per request during the outage.
  it('signing keys are unavailable, not unknown, while they cannot be fetched', async () => {
    broken = true;
    const token = await sign(first);
    for (let n = 0; n < 20; n += 1) {
      await expect(verify(token)).rejects.toBeInstanceOf(SigningKeysUnavailableError);
    }
    expect(fetches).toBe(1);
    broken = false;
    nowMs += 2_001;
    await verify(token);
  });
});
