import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  arrayElementSlices,
  memberSlice,
  rootSlice,
  topLevelString,
} from '#domain/json/json-slices.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';

const blanks = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

// JSON texts with odd blanks, clashing keys, and strings full of brackets and quotes.
const jsonText = fc.letrec<{ value: string; list: string; record: string; scalar: string }>(
  (tie) => ({
    value: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('list'), tie('record')),
    scalar: fc.oneof(
      fc.constantFrom(
        '9007199254740993',
        '1.0',
        '-0',
        '1e400',
        'null',
        'true',
        '"\\u0000"',
        '"\\ud800"',
      ),
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
      fc.stringMatching(/^[[\]{},:"\\]{0,8}$/).map((text) => JSON.stringify(text)),
    ),
    list: fc
      .tuple(blanks, fc.array(tie('value'), { maxLength: 4 }))
      .map(([blank, parts]) => `[${blank}${parts.join(`${blank},${blank}`)}${blank}]`),
    record: fc
      .tuple(
        blanks,
        fc.array(
          fc.tuple(fc.constantFrom('value', '__proto__', 'a', '\\u0076alue', '\\"'), tie('value')),
          { maxLength: 4 },
        ),
      )
      .map(([blank, members]) => {
        const parts = members.map(([key, value]) => `"${key}"${blank}:${blank}${value}`);
        return `${blank}{${blank}${parts.join(`,${blank}`)}${blank}}${blank}`;
      }),
  }),
);

describe('slices of JSON text', () => {
  // Catches: a scanner that ends a string at an escaped quote, counts brackets inside strings, uses the first of
  // duplicate keys, compares keys before decoding them, or trims parts of an element.
  it('arrayElementSlices cuts the elements that JSON.parse finds out of the original text', () => {
    fc.assert(
      fc.property(jsonText.record, (text) => {
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const value = Object.hasOwn(parsed, 'value') ? parsed['value'] : undefined;
        const slices = arrayElementSlices(text, 'value');
        if (!Array.isArray(value)) {
          expect(slices).toBeNull();
          return;
        }
        expect(slices?.map((slice) => JSON.parse(slice))).toStrictEqual(value);
        for (const slice of slices ?? []) {
          expect(text).toContain(slice);
          expect(slice).toBe(slice.trim());
        }
      }),
      { numRuns: 2_000 },
    );
  });

  // Catches: an element built again instead of cut out.
  it('arrayElementSlices keeps literals that a parser would change', () => {
    const elements = [
      '9007199254740993',
      '{"a" :1.0,\n "a":-0}',
      '{"__proto__":{"x":1e400}}',
      '"\\u0000\\ud800"',
      '[ ]',
    ];
    expect(arrayElementSlices(`{"value": [${elements.join(' ,\t')} ]}`, 'value')).toEqual(elements);
  });

  it('topLevelString reads a top-level string, and no other kind or level', () => {
    expect(topLevelString('{"x":{"next":"no"},"next":"a\\u002fb"}', 'next')).toBe('a/b');
    expect(topLevelString('{"next":7}', 'next')).toBeNull();
    expect(topLevelString('["next"]', 'next')).toBeNull();
    expect(topLevelString('{}', 'next')).toBeNull();
  });

  // Catches: a value parsed and written again, the first of duplicate keys, and surrounding blanks in the value.
  it('memberSlice cuts a member out unchanged', () => {
    expect(memberSlice('{"a":1,"body" :\t{ "n" : 1.0,"__proto__":{}} }', 'body')).toBe(
      '{ "n" : 1.0,"__proto__":{}}',
    );
    expect(memberSlice('{"body":{"body":1},"b\\u006fdy": 9007199254740993}', 'body')).toBe(
      '9007199254740993',
    );
    expect(memberSlice('{"x":{"body":1}}', 'body')).toBeNull();
  });

  it('rootSlice removes only the blanks around the root', () => {
    expect(rootSlice(' \n{ "a" : 1 }\r\n')).toBe('{ "a" : 1 }');
    expect(() => rootSlice('{} {}')).toThrow(JsonTextError);
  });

  // Catches: a loop past the end of a truncated text.
  it('the scanner ends on every truncated text', () => {
    const text = '{"a":"\\"","value":[{"b":[1,{"c":"]"}]},"x"]}';
    for (let length = 0; length < text.length; length += 1) {
      const cut = text.slice(0, length);
      try {
        expect(arrayElementSlices(cut, 'value')).toBeNull();
      } catch (error) {
        expect(error).toBeInstanceOf(JsonTextError);
      }
    }
  });

  // Catches: recursion in the scanner.
  it('the scanner cuts a hundred thousand levels without a stack', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(arrayElementSlices(`{"value":[${deep}]}`, 'value')).toEqual([deep]);
  });
});
