import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { Journal } from '../store/journal.ts';

export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const settingName = 'signing-keys';
const modulusBits = 2048;
/** Entra publishes a few keys at a time; when a key leaves the set, its tokens become invalid. */
const publishedKeys = 3;

/** The directory's signing keys, newest first. Stored with the state, so tokens survive a restart. */
export class SigningKeys {
  readonly #journal: Journal;
  #keys: SigningKey[];

  constructor(journal: Journal) {
    this.#journal = journal;
    const saved: unknown = JSON.parse(journal.setting(settingName) ?? '[]');
    this.#keys = Array.isArray(saved) ? saved.map((pem) => keyOf(String(pem))) : [];
    if (this.#keys.length === 0) this.rotate();
  }

  current(): SigningKey {
    const [newest] = this.#keys;
    if (newest === undefined) throw new Error('the simulator has no signing key');
    return newest;
  }

  find(keyId: string): SigningKey | undefined {
    return this.#keys.find((key) => key.keyId === keyId);
  }

  /** Signs with a new key from now on; tokens of the other published keys stay valid. */
  rotate(): SigningKey {
    const key = newSigningKey();
    this.#keys = [key, ...this.#keys].slice(0, publishedKeys);
    const pems = this.#keys.map((each) =>
      each.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    this.#journal.saveSetting(settingName, JSON.stringify(pems));
    return key;
  }

  /** Returns the published key set (JWKS). */
  published(issuer: string): Record<string, unknown> {
    const keys = this.#keys.map(({ keyId, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid: keyId,
      x5t: keyId,
      use: 'sig',
      alg: 'RS256',
      issuer,
    }));
    return { keys };
  }
}

/** Creates a key, unpublished until a key set contains it. */
export function newSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: modulusBits });
  return keyOf(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function keyOf(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const keyId = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { keyId, privateKey, publicKey };
}
