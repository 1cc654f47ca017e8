import { describe, expect, it } from '@jest/globals';
import { diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';

const parsed = (document: object) => parseDocument(JSON.stringify(document));
const paths = (type: string, before: object, after: object) =>
  diffDocuments(parsed(before), parsed(after), diffRulesOf(type)).map(({ path }) => path);

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
    const tokens = (...ids: string[]) => ({
      item: {},
      children: { enrollmentProfiles: ids.map((id) => ({ id, displayName: 'Profile' })) },
      assignments: [],
    });
    expect(paths('appleEnrollmentProgram', tokens('a', 'b'), tokens('c', 'a'))).toEqual([
      'children.enrollmentProfiles[b]',
      'children.enrollmentProfiles[c]',
    ]);
  });

  // Catches: a policy that differs because one that it points to was renamed, so that a restore of both takes the one
  // for changed by somebody else; a link to another policy of the same name that is not seen.
  it('take of another policy that is shown in the place of a reference its id alone', () => {
    const linked = (id: string, displayName: string) => ({
      item: {},
      children: { rootCertificatesForServerValidation: [{ id, displayName }] },
      assignments: [],
    });
    expect(paths('deviceConfiguration', linked('a', 'Root'), linked('a', 'New root'))).toEqual([]);
    expect(paths('deviceConfiguration', linked('a', 'Root'), linked('b', 'Root'))).toEqual([
      'children.rootCertificatesForServerValidation[a]',
      'children.rootCertificatesForServerValidation[b]',
    ]);
    const strong = (id: string, allowedCombinations: string[]) => ({
      item: { grantControls: { authenticationStrength: { id, allowedCombinations } } },
      children: {},
      assignments: [],
    });
    expect(paths('conditionalAccess', strong('s', ['fido2']), strong('s', []))).toEqual([]);
    expect(paths('conditionalAccess', strong('s', ['fido2']), strong('t', []))).toEqual([
      'item.grantControls.authenticationStrength.id',
    ]);
  });

  // Catches: a snapshot of a type that the catalogue has lost, which nobody could look at any more.
  it('are there for types that are no more', () => {
    const of = (n: number) => ({ item: { id: String(n), n }, children: {}, assignments: null });
    expect(paths('retiredType', of(1), of(2))).toEqual(['item.n']);
  });
});
