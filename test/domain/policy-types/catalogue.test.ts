import { describe, expect, it } from '@jest/globals';
import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';

describe('the catalogue of policy types', () => {
  it('finds every type by its key, and no type by another word', () => {
    for (const policyType of policyTypes) {
      expect(findPolicyType(policyType.type)).toBe(policyType);
    }
    for (const word of ['', 'constructor', '__proto__', 'toString', 'group']) {
      expect(findPolicyType(word)).toBeUndefined();
    }
  });

  // Catches: an entry copied from another and changed in part.
  it('gives each type its own key and collection', () => {
    expect(new Set(policyTypes.map(({ type }) => type)).size).toBe(policyTypes.length);
    expect(new Set(policyTypes.map(({ collection }) => collection)).size).toBe(policyTypes.length);
    for (const { collection } of policyTypes) expect(collection).toMatch(/^(\/[A-Za-z]+)+$/);
  });

  // A snapshot has one object of children; two equal names in one policy would overwrite each other.
  it('gives the children of a policy distinct names', () => {
    for (const { children } of policyTypes) {
      const names = children.flatMap(({ each, name, when }) => [
        `${name} ${when?.equals ?? ''}`,
        ...each.map((inner) => `${inner.name} `),
      ]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  // Catches: a rule that refers to an unknown type or child.
  it('refers only to existing types and children', () => {
    for (const { children, references, restore } of policyTypes) {
      const names = children.flatMap(({ each, name }) => [
        name,
        ...each.map((inner) => inner.name),
      ]);
      for (const { policyType, within } of references) {
        expect(findPolicyType(policyType)?.type).toBe(policyType);
        const [root, child = ''] = within.split('.');
        if (root === 'children') expect(names).toContain(child);
      }
      for (const step of restore?.steps ?? []) {
        if ('child' in step) expect(names).toContain(step.child);
      }
    }
  });

  // Catches: a policy restored before the policies it refers to. The restore itself orders two of one type.
  it('restores a referenced type in an earlier wave, or in the same', () => {
    for (const { references, restore } of policyTypes) {
      for (const { policyType } of references) {
        const earlier = findPolicyType(policyType)?.restore?.wave;
        if (restore && earlier) expect(earlier).toBeLessThanOrEqual(restore.wave);
      }
    }
  });

  // Catches: a list that does not select the properties for the index and the rules of its entries.
  it('selects in lists all properties that the code reads from them', () => {
    for (const { children, incremental, list, nameProperty, platform } of policyTypes) {
      const selected = /\$select=([^&]*)/.exec(list.query ?? '')?.[1]?.split(',');
      // Without a selection the list returns all properties; with one it cannot.
      expect([selected === undefined, incremental.by]).not.toEqual([false, 'wholeEntry']);
      if (selected === undefined) continue;
      const needed = ['id', nameProperty];
      if (platform.from === 'property') needed.push(platform.property);
      if (list.builtInWhen) needed.push(list.builtInWhen.property);
      if (incremental.by === 'properties') needed.push(...incremental.properties);
      const conditions = children.flatMap(({ when }) => (when ? [when.property] : []));
      // Graph always returns the type of an object.
      needed.push(...conditions.filter((property) => property !== '@odata.type'));
      expect(selected).toEqual(expect.arrayContaining(needed));
    }
  });
});
