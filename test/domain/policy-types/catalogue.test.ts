import { describe, expect, it } from '@jest/globals';
import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';

describe('the catalogue of policy types', () => {
  it('finds every type by its key, and nothing by any other word', () => {
    for (const policyType of policyTypes) {
      expect(findPolicyType(policyType.type)).toBe(policyType);
    }
    for (const word of ['', 'constructor', '__proto__', 'toString', 'group']) {
      expect(findPolicyType(word)).toBeUndefined();
    }
  });

  // Catches: an entry copied from another and changed in part.
  it('gives each type a key and a collection of its own', () => {
    expect(new Set(policyTypes.map(({ type }) => type)).size).toBe(policyTypes.length);
    expect(new Set(policyTypes.map(({ collection }) => collection)).size).toBe(policyTypes.length);
    for (const { collection } of policyTypes) expect(collection).toMatch(/^(\/[A-Za-z]+)+$/);
  });

  // A snapshot has one object of children; names that meet in one policy would overwrite each other.
  it('names the children of a policy apart', () => {
    for (const { children } of policyTypes) {
      const names = children.flatMap(({ each, name, when }) => [
        `${name} ${when?.equals ?? ''}`,
        ...each.map((inner) => `${inner.name} `),
      ]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  // Catches: a rule that points to a type, or from a child, that there is not.
  it('refers to types and children that there are', () => {
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

  // Catches: a policy restored before what it refers to. Two of a kind are put in order when they are restored.
  it('restores what is referred to in an earlier wave, or in the same', () => {
    for (const { references, restore } of policyTypes) {
      for (const { policyType } of references) {
        const earlier = findPolicyType(policyType)?.restore?.wave;
        if (restore && earlier) expect(earlier).toBeLessThanOrEqual(restore.wave);
      }
    }
  });

  // Catches: a list that does not ask for what the index and the rules of its entries need.
  it('selects in lists what it reads from them', () => {
    for (const { children, incremental, list, nameProperty, platform } of policyTypes) {
      const selected = /\$select=([^&]*)/.exec(list.query ?? '')?.[1]?.split(',');
      // Without a selection the list gives everything; with one it cannot.
      expect([selected === undefined, incremental.by]).not.toEqual([false, 'wholeEntry']);
      if (selected === undefined) continue;
      const needed = ['id', nameProperty];
      if (platform.from === 'property') needed.push(platform.property);
      if (list.builtInWhen) needed.push(list.builtInWhen.property);
      if (incremental.by === 'properties') needed.push(...incremental.properties);
      const conditions = children.flatMap(({ when }) => (when ? [when.property] : []));
      // Graph gives the type of an object unasked.
      needed.push(...conditions.filter((property) => property !== '@odata.type'));
      expect(selected).toEqual(expect.arrayContaining(needed));
    }
  });
});
