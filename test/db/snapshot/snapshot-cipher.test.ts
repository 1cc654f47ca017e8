import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSnapshotCipher, SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';

const tenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02';
const otherTenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0b03';
const oldKey = { id: '2025', key: randomBytes(32) };
const newKey = { id: '2026', key: randomBytes(32) };
const cipher = createSnapshotCipher([newKey]);

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest();

function sealed(content = Buffer.from('{"item":{}}')) {
  const hash = sha256(content);
  return { content, hash, box: cipher.seal(tenantId, hash, content) };
}

describe('the cipher of snapshots', () => {
  it('the cipher returns every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const { content, hash, box } = sealed(Buffer.from(bytes));
        expect(cipher.open(tenantId, hash, box)).toEqual(content);
      }),
    );
  });

  // Catches: a fixed nonce, which reveals the key of GCM, and content stored in plain.
  it('the cipher seals the same content differently each time, and never in plain', () => {
    const content = Buffer.from('a policy with a secret'.repeat(20));
    const boxes = Array.from({ length: 50 }, () => cipher.seal(tenantId, sha256(content), content));
    expect(new Set(boxes.map(({ nonce }) => nonce.toString('hex'))).size).toBe(boxes.length);
    expect(boxes[0]?.ciphertext.includes('secret')).toBe(false);
    expect(boxes[0]?.ciphertext.length).toBeLessThan(content.length);
  });

  // Catches: a mode without authentication, a tag unchecked or cut short.
  it('the cipher refuses content after the change of one bit', () => {
    const { hash, box } = sealed();
    for (let at = 0; at < box.ciphertext.length * 8; at += 5) {
      const ciphertext = Buffer.from(box.ciphertext);
      ciphertext[at >> 3] = (ciphertext[at >> 3] ?? 0) ^ (1 << (at & 7));
      const open = () => cipher.open(tenantId, hash, { ...box, ciphertext });
      expect(open).toThrow(SnapshotIntegrityError);
    }
  });

  it.each([0, 1, 15, 16])('the cipher refuses content cut to %i bytes', (length) => {
    const { hash, box } = sealed();
    const ciphertext = box.ciphertext.subarray(0, length);
    expect(() => cipher.open(tenantId, hash, { ...box, ciphertext })).toThrow(
      SnapshotIntegrityError,
    );
  });

  // Catches: one key for all tenants with no bound data, so that a row can be copied to another tenant or hash.
  it('the cipher refuses content of another tenant, hash or nonce', () => {
    const { hash, box } = sealed();
    const nonce = randomBytes(12);
    expect(() => cipher.open(otherTenantId, hash, box)).toThrow(SnapshotIntegrityError);
    expect(() => cipher.open(tenantId, randomBytes(32), box)).toThrow(SnapshotIntegrityError);
    expect(() => cipher.open(tenantId, hash, { ...box, nonce })).toThrow(SnapshotIntegrityError);
  });

  it('the cipher opens with older keys and seals with the newest', () => {
    const content = Buffer.from('kept for years');
    const hash = sha256(content);
    const before = createSnapshotCipher([oldKey]).seal(tenantId, hash, content);
    const rotated = createSnapshotCipher([newKey, oldKey]);
    expect(rotated.open(tenantId, hash, before)).toEqual(content);
    expect(rotated.seal(tenantId, hash, content).keyId).toBe('2026');
    expect(() => cipher.open(tenantId, hash, before)).toThrow(/no key with the id 2025/);
  });
});
