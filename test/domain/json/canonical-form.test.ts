import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalForm } from '#domain/json/canonical-form.ts';

type Tree =
  | { readonly literal: string }
  | { readonly text: string }
  | { readonly list: readonly Tree[] }
  | { readonly members: readonly (readonly [string, Tree])[] };

const keys = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('__proto__', 'constructor', '', '1', '10', '\ufb33', '\u{1f600}', '\ud83d'),
);

const tree: fc.Arbitrary<Tree> = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      literal: fc.constantFrom(
        ...['null', 'true', 'false', '0', '-0', '1.0', '1', '9007199254740993', '1e400', '1E-7'],
      ),
    }),
    fc.record({ text: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\udc00\u0000"\\')) }),
    fc.record({ list: fc.array(tie('node'), { maxLength: 4 }) }),
    fc.record({
      members: fc.uniqueArray(fc.tuple(keys, tie('node')), {
        maxLength: 4,
        selector: ([key]) => key,
      }),
    }),
  ),
})).node;

/** Ways to write the same JSON: blanks, order of members, needless escapes. */
interface Hand {
  readonly blank: string;
  readonly reverse: boolean;
  readonly escapeAll: boolean;
}

const hand: fc.Arbitrary<Hand> = fc.record({
  blank: fc.stringMatching(/^[ \t\r\n]{0,2}$/),
  reverse: fc.boolean(),
  escapeAll: fc.boolean(),
});

function spellText(text: string, { escapeAll }: Hand): string {
  if (!escapeAll) return JSON.stringify(text);
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

function spell(node: Tree, by: Hand): string {
  const { blank } = by;
  if ('literal' in node) return node.literal;
  if ('text' in node) return spellText(node.text, by);
  if ('list' in node) {
    return `[${blank}${node.list.map((each) => spell(each, by)).join(`${blank},${blank}`)}${blank}]`;
  }
  const members = by.reverse ? node.members.toReversed() : node.members;
  const texts = members.map(
    ([key, value]) => `${spellText(key, by)}${blank}:${blank}${spell(value, by)}`,
  );
  return `${blank}{${blank}${texts.join(`${blank},${blank}`)}${blank}}${blank}`;
}

describe('canonicalForm', () => {
  // Catches: JSON.parse and stringify (numbers), Object.assign or `object[key] =` (__proto__), locale sort, no sort.
  it('is the same for texts of equal content', () => {
    fc.assert(
      fc.property(tree, hand, hand, (node, one, other) => {
        expect(canonicalForm(spell(node, other))).toBe(canonicalForm(spell(node, one)));
      }),
      { numRuns: 500 },
    );
  });

  // Catches: a form with a gap, so that two policies look equal.
  it('keeps the content of the text, and is its own form', () => {
    fc.assert(
      fc.property(tree, hand, (node, by) => {
        const text = spell(node, by);
        const form = canonicalForm(text);
        expect(JSON.parse(form)).toEqual(JSON.parse(text));
        expect(canonicalForm(form)).toBe(form);
      }),
    );
  });

  it.each([
    ['1.0', '1.0'],
    ['9007199254740993', '9007199254740993'],
    ['[1e400, -0, 1E+2]', '[1e400,-0,1E+2]'],
    ['{"b":1.50,"a":{"__proto__":2.0}}', '{"a":{"__proto__":2.0},"b":1.50}'],
    ['{"__proto__":{"a":1},"a":2}', '{"__proto__":{"a":1},"a":2}'],
    ['{"a":1.0,"a":2.0}', '{"a":2.0}'],
    ['{"10":0,"9":0,"a":0,"A":0}', '{"10":0,"9":0,"A":0,"a":0}'],
    ['"\\ud800 \\/ \\u00e9"', '"\\ud800 / é"'],
    ['{"\\ud83d":1,"\\ud83d\\ude00":2,"\\ufb33":3}', '{"\\ud83d":1,"😀":2,"\ufb33":3}'],
  ])('%s has the expected form', (text, form) => {
    expect(canonicalForm(text)).toBe(form);
  });

  it.each(['', '{', '01', '{"a":1,}', 'NaN', '"\u0000"'])('refuses %j', (text) => {
    expect(() => canonicalForm(text)).toThrow(SyntaxError);
  });
});
