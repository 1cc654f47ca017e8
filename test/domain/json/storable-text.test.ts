import { describe, expect, it } from '@jest/globals';
import { toStorableText } from '#domain/json/storable-text.ts';

describe('toStorableText', () => {
  // Catches: NUL or half a surrogate pair reaching Postgres (22021), and whole pairs damaged on the way.
  it('replaces the characters that Postgres refuses, and no others', () => {
    expect(toStorableText('a\u0000b\ud800c\udc00')).toBe('a\ufffdb\ufffdc\ufffd');
    expect(toStorableText('Zürich 👩‍💻\u202e\u0001')).toBe('Zürich 👩‍💻\u202e\u0001');
  });
});
