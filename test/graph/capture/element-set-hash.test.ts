import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { elementSetHash } from '#graph/capture/element-set-hash.ts';

interface Element {
  readonly id: string;
  readonly target: { readonly groupId: string; readonly type: string };
  readonly n: number;
}

const element: fc.Arbitrary<Element> = fc.record({
  id: fc.string(),
  target: fc.record({ groupId: fc.constantFrom('a', 'b'), type: fc.constantFrom('in', 'out') }),
  n: fc.integer(),
});
const elements = fc.array(element, { maxLength: 6 });

/** The same element with reversed members, blanks, and annotations. */
function otherwise({ id, n, target }: Element): string {
  const { groupId, type } = target;
  const inner = JSON.stringify({ type, groupId }, null, 2);
  return `{ "n":${n}, "target":${inner}, "target@odata.context":"x", "id" : ${JSON.stringify(id)}, "#a.b":{} }`;
}

describe('elementSetHash', () => {
  // Catches: a hash of the text, of the elements' order, or of annotations.
  it('the hash of a set does not depend on order, format and annotations', () => {
    fc.assert(
      fc.property(
        elements.chain((set) =>
          fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
        ),
        ([set, shuffled]) => {
          const hash = elementSetHash(set.map((each) => JSON.stringify(each)));
          expect(elementSetHash(shuffled.map(otherwise))).toBe(hash);
        },
      ),
    );
  });

  // Catches: a hash over only a part of the elements, or over a set without its duplicates.
  it('the hash of a set changes with each element added', () => {
    fc.assert(
      fc.property(elements, element, (set, added) => {
        const texts = set.map((each) => JSON.stringify(each));
        const more = [...texts, JSON.stringify(added)];
        expect(elementSetHash(more)).not.toBe(elementSetHash(texts));
      }),
    );
    expect(elementSetHash(['{"a":1}'])).not.toBe(elementSetHash(['{"a":1.0}']));
    expect(elementSetHash(['{"@odata.type":"a"}'])).not.toBe(elementSetHash(['{}']));
  });
});
