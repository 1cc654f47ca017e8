import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertJsonBounds } from '#domain/json/json-bounds.ts';

const roomy = { depthMax: 64, bytesMax: 1_000_000 };

function nested(levels: number): string {
  return '{"a":['.repeat(levels / 2) + ']}'.repeat(levels / 2);
}

describe('assertJsonBounds', () => {
  // Catches: an off-by-one of the depth.
  it('accepts 64 levels and refuses 65', () => {
    expect(() => assertJsonBounds(nested(64))).not.toThrow();
    expect(() => assertJsonBounds(`[${nested(64)}]`)).toThrow(
      expect.objectContaining({ code: 'too_deep' }),
    );
  });

  // Catches: brackets inside strings counted as levels, and escaped quotes taken for the end of a string.
  it('does not count brackets inside strings', () => {
    expect(() => assertJsonBounds(JSON.stringify(['[{"\\'.repeat(500)]))).not.toThrow();
  });

  // Catches: characters counted for bytes.
  it('counts bytes as UTF-8 does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (content) => {
        const text = JSON.stringify(content);
        const bytes = new TextEncoder().encode(text).length;
        expect(() => assertJsonBounds(text, { ...roomy, bytesMax: bytes })).not.toThrow();
        expect(() => assertJsonBounds(text, { ...roomy, bytesMax: bytes - 1 })).toThrow(
          expect.objectContaining({ code: 'too_large' }),
        );
      }),
    );
  });

  it('answers for a hostile text at once', () => {
    const hostile = '['.repeat(200_000);
    expect(() => assertJsonBounds(hostile, roomy)).toThrow(
      expect.objectContaining({ code: 'too_deep' }),
    );
  });
});
