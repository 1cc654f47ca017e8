import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { documentText, parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { comparableHash } from '#domain/restore/comparable-hash.ts';
import { documentOf, sampleDocument, typeOf } from '#test/domain/support/documents.ts';

const catalog = typeOf('settingsCatalogPolicy');
const parsed = (document: object) => parseDocument(JSON.stringify(document));
const hash = (document: PolicyDocument, type = catalog) => comparableHash(document, type);

describe('parseDocument', () => {
  // Catches: numbers without their spelling, a key that becomes a prototype, unknown assignments that become none.
  it('reads a text that documentText writes back unchanged', () => {
    const text =
      '{"item":{"a":1.0,"b":9007199254740993,"__proto__":{"c":"\\ud800"}},"children":{"x":[1e3]},"assignments":null}';
    expect(documentText(parseDocument(text))).toBe(text);
    expect(parseDocument('{"item":{}}')).toEqual({ item: {}, children: {}, assignments: null });
  });

  it('refuses a text without an item', () => {
    for (const text of ['[]', '{}', '{"item":[]}', '{"item":1}']) {
      expect(() => parseDocument(text)).toThrow(SyntaxError);
    }
  });
});

describe('comparableHash', () => {
  it('is SHA-256 in lower-case hex', () => {
    expect(hash(documentOf({}))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('ignores volatile members, the order of sets, and null', () => {
    const one = documentOf({
      item: { id: '1', name: 'N', version: 3, roleScopeTagIds: ['0', '1'], description: null },
    });
    const other = documentOf({
      item: { id: '2', name: 'N', version: 4, roleScopeTagIds: ['1', '0', '1'] },
    });
    expect(hash(one)).toBe(hash(other));
    expect(hash(one)).not.toBe(
      hash(documentOf({ item: { name: 'M', roleScopeTagIds: ['0', '1'] } })),
    );
  });

  // Catches: inherited assignments, origins or an idle filter reported as drift.
  it('covers only the policy’s own assignments, with any ids', () => {
    const target = { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: 'g' };
    const filter = 'deviceAndAppManagementAssignmentFilter';
    const own = { id: 'a', source: 'direct', sourceId: 'p', target };
    const inherited = { id: 'b', source: 'policySets', target: { ...target, groupId: 'h' } };
    const unfiltered = { target: { ...target, [`${filter}Id`]: null, [`${filter}Type`]: 'none' } };
    const filtered = { target: { ...target, [`${filter}Id`]: 'f', [`${filter}Type`]: 'include' } };
    const hashes = [[own], [own, inherited], [unfiltered], [inherited], [filtered]].map(
      (assignments) => hash(documentOf({ assignments })),
    );
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(3);
  });

  // Catches: drift of an item because the restore has just set its neighbour's priority.
  it('ignores the priorities that Graph moves, and no others', () => {
    const of = (priority: number) => documentOf({ item: { displayName: 'N', priority } });
    const enrollment = typeOf('enrollmentConfiguration');
    expect(hash(of(1), enrollment)).toBe(hash(of(2), enrollment));
    expect(hash(of(1))).not.toBe(hash(of(2)));
  });

  it('distinguishes numbers by their spelling', () => {
    const one = hash(parseDocument('{"item":{"n":1}}'));
    expect(one).not.toBe(hash(parseDocument('{"item":{"n":1.0}}')));
  });

  const scalar = fc.constantFrom<unknown>(null, true, 'a', 'b', '1', 1, 2);
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('id', 'a', 'value', 'isEncrypted', '__proto__'), tie('value'), {
        maxKeys: 3,
      }),
    ),
  }));
  const part = fc.dictionary(fc.constantFrom('id', 'a', 'version', 'settings'), value);
  const document = fc.record({
    item: part,
    children: part,
    assignments: fc.array(part, { maxLength: 2 }),
  });
  // Similar documents, so that both cases are frequent: no difference, and a small one.
  const pair = fc
    .tuple(document, document, fc.constantFrom('item', 'children', 'none'))
    .map(
      ([one, other, differing]) =>
        [
          one,
          { ...shuffled(one), ...(differing === 'none' ? {} : { [differing]: other.item }) },
        ] as const,
    );

  // Catches: sets sorted on one side only, elements merged by joined texts, omitted secrets.
  it('is equal exactly if a diff finds nothing', () => {
    const rules = diffRulesOf(catalog.type);
    fc.assert(
      fc.property(pair, (documents) => {
        const [one, other] = [parsed(documents[0]), parsed(documents[1])];
        const same = diffDocuments(one, other, rules).length === 0;
        expect(hash(one) === hash(other)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it.each(policyTypes.map(({ type }) => type))(
    'is equal for a sample of %s in another order',
    (type) => {
      const sample = sampleDocument(type);
      expect(hash(parsed(sample), typeOf(type))).toBe(hash(parsed(shuffled(sample)), typeOf(type)));
    },
  );
});

/** The same document with members and elements in another order. */
function shuffled<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(shuffled).reverse() as Value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, shuffled<unknown>(member)]);
  return Object.fromEntries(members.reverse()) as Value;
}
