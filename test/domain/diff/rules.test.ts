import { describe, expect, it } from '@jest/globals';
import { diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';

const parsed = (document: object) => parseDocument(JSON.stringify(document));
const paths = (type: string, before: object, after: object) =>
  diffDocuments(parsed(before), parsed(after), diffRulesOf(type)).map(({ path }) => path);

describe('diffRulesOf', () => {
  // Catches: a path of the catalogue with a wrong beginning, so that it never fits.
  it.each(policyTypes.map(({ type }) => type))(
    '%s has rules with paths from a part of the snapshot',
    (type) => {
      const { pairBy, volatile } = policyTypes.find((each) => each.type === type)?.diff ?? {
        pairBy: [],
        volatile: [],
      };
      for (const path of [...volatile, ...pairBy.map((rule) => rule.path)]) {
        expect(path).toMatch(/^(?:item|children|assignments)(?:\.|$)/);
      }
    },
  );

  // Catches: an id ignored as an address although it is content.
  it('keeps the id of a linked policy, and ids that pair elements', () => {
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

  // Catches: a renamed policy that makes a referring policy differ, so that a restore of both reports drift; a link to
  // another policy of the same name that the diff overlooks.
  it('keeps only the id of another policy shown in place of a reference', () => {
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

  // Catches: a snapshot of a type outside the catalogue that can no longer be compared.
  it('has the shared rules for a type outside the catalogue', () => {
    const of = (n: number) => ({ item: { id: String(n), n }, children: {}, assignments: null });
    expect(paths('retiredType', of(1), of(2))).toEqual(['item.n']);
  });
});
