import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutMembers } from '#domain/json/json-slices.ts';

const blank = fc.stringMatching(/^[ \t\n\r]{0,3}$/);
const key = fc.constantFrom('a', 'b', 'settings', '__proto__', 'é', '"}', '');
const value = fc.constantFrom(
  '1',
  '1.0',
  '9007199254740993',
  '"],{"',
  '[1, 2]',
  '{"a":[{}]}',
  ' null',
);

/** An object as texts: each member with blanks around its parts. */
const members = fc.array(fc.record({ key, value, blanks: fc.tuple(blank, blank, blank, blank) }), {
  maxLength: 6,
});

function memberText({ key: name, value: text, blanks }: MemberParts): string {
  const [before, afterKey, beforeValue, after] = blanks;
  return `${before}${JSON.stringify(name)}${afterKey}:${beforeValue}${text}${after}`;
}

interface MemberParts {
  readonly key: string;
  readonly value: string;
  readonly blanks: readonly [string, string, string, string];
}

describe('withoutMembers', () => {
  // Catches: a comma too many or too few, a duplicate left behind, a brace or bracket counted inside a string.
  it('leaves an object of the other members, each unchanged', () => {
    fc.assert(
      fc.property(members, fc.uniqueArray<string, string>(key), (all, dropped) => {
        const text = `{${all.map(memberText).join(',')}}`;
        const cut = withoutMembers(text, (name) => dropped.includes(name));
        const kept = all.filter((member) => !dropped.includes(member.key));
        const plain = `{${kept.map(memberText).join(',')}}`;
        expect(JSON.parse(cut)).toEqual(JSON.parse(plain));
        expect(Object.keys(JSON.parse(cut) as object)).toEqual(
          Object.keys(JSON.parse(plain) as object),
        );
        for (const member of kept) expect(cut).toContain(memberText(member).trim());
        if (kept.length === all.length) expect(cut).toBe(text);
      }),
    );
  });

  it('leaves a text of another value unchanged', () => {
    for (const text of ['1', '"a"', '[{"a":1}]', 'null', '{}', '{ }']) {
      expect(withoutMembers(text, () => true)).toBe(text);
    }
  });
});
