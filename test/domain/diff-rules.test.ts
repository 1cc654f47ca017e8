import { describe, expect, it } from '@jest/globals';
import { diffSnapshots } from '../../src/domain/diff.ts';
import { diffRulesOf } from '../../src/domain/diff/rules.ts';
import { policyTypes } from '../../src/domain/policy-types/catalogue.ts';

const paths = (type: string, before: object, after: object) =>
  diffSnapshots(JSON.stringify(before), JSON.stringify(after), diffRulesOf(type)).map(
    ({ path }) => path,
  );

describe('the rules of diffs', () => {
  // Catches: a path of the catalogue that begins nowhere, so that it never fits.
  it.each(policyTypes.map(({ type }) => type))('of %s begin at a part of the snapshot', (type) => {
    const { pairBy, volatile } = policyTypes.find((each) => each.type === type)?.diff ?? {
      pairBy: [],
      volatile: [],
    };
    for (const path of [...volatile, ...pairBy.map((rule) => rule.path)]) {
      expect(path).toMatch(/^(?:item|children|assignments)(?:\.|$)/);
    }
  });

  // Catches: an id left out as an address where it is what the policy says.
  it('keep the id of another policy that a child is, and ids by which elements are paired', () => {
    const linked = policyTypes.flatMap(({ type, children }) =>
      children.flatMap(({ name, shape }) => (shape === 'object' ? [{ type, name }] : [])),
    );
    expect(linked.length).toBeGreaterThan(0);
    for (const { type, name } of linked) {
      const of = (id: string) => ({ item: {}, children: { [name]: { id } }, assignments: [] });
      expect(paths(type, of('1'), of('2'))).toEqual([`children.${name}.id`]);
    }
    const roles = (...ids: string[]) => ({
      item: {},
      children: { roleAssignments: ids.map((id) => ({ id, displayName: `Role ${id}` })) },
      assignments: [],
    });
    expect(paths('roleDefinition', roles('a', 'b'), roles('c', 'a'))).toEqual([
      'children.roleAssignments[b]',
      'children.roleAssignments[c]',
    ]);
  });

  // Catches: a snapshot of a type that the catalogue has lost, which nobody could look at any more.
  it('are there for types that are no more', () => {
    const of = (n: number) => ({ item: { id: String(n), n }, children: {}, assignments: null });
    expect(paths('retiredType', of(1), of(2))).toEqual(['item.n']);
  });
});
