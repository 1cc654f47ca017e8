import { describe, expect, it } from '@jest/globals';
import { policyKey, sameId } from '#domain/identity/graph-id.ts';

describe('policyKey', () => {
  // Catches: an object that is not found because the backup spells its id in capitals.
  it('is the same for one id in capitals and in small letters', () => {
    expect(policyKey('mobileApp', 'AB-1')).toBe(policyKey('mobileApp', 'ab-1'));
    expect(sameId('AB-1', 'ab-1')).toBe(true);
  });

  it('differs by type and by id', () => {
    const keys = [
      policyKey('mobileApp', 'a'),
      policyKey('mobileApp', 'b'),
      policyKey('intent', 'a'),
    ];
    expect(new Set(keys).size).toBe(3);
    expect(sameId('a', 'b')).toBe(false);
  });
});
