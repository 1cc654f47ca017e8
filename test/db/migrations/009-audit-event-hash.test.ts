import { describe, expect, it } from '@jest/globals';
import { auditEventOf } from '#db/audit/audit-event-of.ts';
import { hashOfUnchainedEvent, type UnchainedEvent } from '#db/migrations/009-audit-event-hash.ts';
import { auditEventHash } from '#domain/audit/audit-event.ts';

const plain: UnchainedEvent = {
  tenant_id: 'aaaaaaaa-0000-4000-8000-00000000000a',
  id: '0190a000-0000-7000-8000-000000000001',
  at: new Date('2026-01-02T03:04:05.678Z'),
  actor: 'aaaaaaaa-0000-4000-8000-00000000000a:33333333-0000-4000-8000-000000000003',
  action: 'member.written',
  run_id: null,
  target: null,
  details: {},
};
const rich: UnchainedEvent = {
  ...plain,
  run_id: '0190a000-0000-7000-8000-000000000002',
  target: { type: 'backup_set', id: '1' },
  details: {
    ...{
      z: [1, 0.1, 1e21, -0, null, true],
      a: { '\u{1f600}': 'Zürich "\u2028" \\', '\ufb33': '' },
    },
    ...{ '10': 1, '9': 2, __proto: 'x' },
  },
};
const endless: UnchainedEvent = { ...plain, at: new Date(Number.NaN) };
const previous = 'ab'.repeat(32);

describe('the hash of migration 009', () => {
  // Catches: a change of the hash, after which databases of different ages have different chains.
  it.each<[string, UnchainedEvent, string | null, string]>([
    [
      'a first event',
      plain,
      null,
      'efb83233ac4fc73da1e293f56706f591a7c1ec2f505a7024212c5e68ba734f4b',
    ],
    [
      'an event with nested details',
      rich,
      previous,
      '4bfc2c2479fc6045e63147cbba5259b9764c5af437ed47f933614860e5bf4adb',
    ],
    [
      'an event at infinity',
      endless,
      previous,
      '1c426bb07dc8de12661c22aafcdb484afc1ddb9ac92a44e3e30f1c146fcd427a',
    ],
  ])('the hash of %s is unchanged since migration 009', (_, row, previousHash, hash) => {
    expect(hashOfUnchainedEvent(row, previousHash)).toBe(hash);
  });

  // Catches: a change of the product's hash, after which it reports the trails of older databases as rewritten.
  it.each([plain, rich, endless])(
    'migration 009 hashes as the product verifies: event %#',
    (row) => {
      const event = auditEventOf({ ...row, previous_hash: Buffer.from(previous, 'hex') });
      expect(hashOfUnchainedEvent(row, previous)).toBe(auditEventHash(event));
    },
  );

  it("migration 009 refuses a number beyond JavaScript's range", () => {
    const row = { ...plain, details: { n: Number.POSITIVE_INFINITY } };
    expect(() => hashOfUnchainedEvent(row, null)).toThrow(TypeError);
  });
});
