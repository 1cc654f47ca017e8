import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SnapshotKey } from '#config.ts';

const nonceBytes = 12; // the nonce length of AES-GCM (NIST SP 800-38D, 5.2.1.1)
const tagBytes = 16;
const keyBytes = 32; // AES-256

export interface SealedContent {
  readonly keyId: string;
  readonly nonce: Buffer;
  /** Compressed and encrypted, with the authentication tag at the end. */
  readonly ciphertext: Buffer;
}

/** The stored content does not fit its key, its tenant or its hash: it was changed, or copied from elsewhere. */
export class SnapshotIntegrityError extends Error {
  override readonly name = 'SnapshotIntegrityError';
}

export interface SnapshotCipher {
  /** Compresses and encrypts content of a tenant. The result is bound to the tenant and the hash. */
  seal(tenantId: string, sha256: Buffer, content: Buffer): SealedContent;
  /** The inverse of `seal`. Throws a SnapshotIntegrityError for bytes not sealed for this tenant and hash. */
  open(tenantId: string, sha256: Buffer, sealed: SealedContent): Buffer;
}

/**
 * Creates a cipher with the keys of the environment: AES-256-GCM under a key derived per tenant (HKDF-SHA-256).
 * @param keys newest first; the first encrypts, all decrypt.
 */
export function createSnapshotCipher(
  keys: readonly [SnapshotKey, ...SnapshotKey[]],
): SnapshotCipher {
  const tenantKey = (key: SnapshotKey, tenantId: string) =>
    Buffer.from(hkdfSync('sha256', key.key, tenantId, 'tenantry snapshot content', keyBytes));
  const boundTo = (tenantId: string, sha256: Buffer) =>
    Buffer.concat([Buffer.from(tenantId, 'utf8'), sha256]);

  return {
    seal(tenantId, sha256, content) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', tenantKey(keys[0], tenantId), nonce);
      cipher.setAAD(boundTo(tenantId, sha256));
      const body = Buffer.concat([cipher.update(gzipSync(content)), cipher.final()]);
      return { keyId: keys[0].id, nonce, ciphertext: Buffer.concat([body, cipher.getAuthTag()]) };
    },
    open(tenantId, sha256, sealed) {
      const key = keys.find(({ id }) => id === sealed.keyId);
      if (key === undefined) {
        throw new SnapshotIntegrityError(`no key with the id ${sealed.keyId} is configured`);
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', tenantKey(key, tenantId), sealed.nonce);
        decipher.setAAD(boundTo(tenantId, sha256));
        decipher.setAuthTag(sealed.ciphertext.subarray(-tagBytes));
        const body = sealed.ciphertext.subarray(0, -tagBytes);
        return gunzipSync(Buffer.concat([decipher.update(body), decipher.final()]));
      } catch {
        throw new SnapshotIntegrityError('the stored content does not fit its key, tenant or hash');
      }
    },
  };
}
