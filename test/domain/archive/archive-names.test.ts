import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentHash } from '#domain/archive/content-hash.ts';
import { derivedGraphId } from '#domain/archive/derived-graph-id.ts';
import { distinctNames } from '#domain/archive/distinct-names.ts';
import { isPlainPath } from '#domain/archive/entry-name.ts';
import { collisionKey, safeFileName } from '#domain/archive/safe-file-name.ts';
import { tenantryPath } from '#domain/archive/tenantry-layout.ts';
import { guidPattern } from '#domain/identity/principal.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', minLength: 100, maxLength: 400 }),
  fc.constantFrom(
    'CON',
    'nul.txt',
    'COM1',
    'lpt¹',
    '..',
    '.',
    ' ',
    '',
    'a/b\\c',
    'x\ud800',
    '\u202egnp',
  ),
);

describe('safeFileName', () => {
  it.each([
    ['Edge: baseline <v2>', 'Edge_ baseline _v2_'],
    ['tab\tand\u200bnothing', 'tabandnothing'],
    ['con', 'con_'],
    ['NUL.tar', 'NUL_.tar'],
    ['console', 'console'],
    ['..', '___'],
    ['', '_'],
    ['e\u0301', '\u00e9'],
    ['\u202egnp.exe', 'gnp.exe'],
  ])('makes %j into %j', (text, name) => {
    expect(safeFileName(text, 100)).toBe(name);
  });

  // Catches: a character that some system refuses, a name that is a device, a cut through a character, a name too long.
  it('makes any text a plain path of one segment, within bounds and idempotent', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 20, max: 250 }), (text, bytesMax) => {
        const name = safeFileName(text, bytesMax);
        expect(isPlainPath(`${name}.json`)).toBe(true);
        expect(name).not.toMatch(/[/\\:*?<>"|\p{Cc}\p{Cs}]/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(bytesMax);
        expect(name.isWellFormed()).toBe(true);
        expect(`${name}.json`).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      }),
    );
  });

  // Catches: two long names that become one when they are cut.
  it('distinguishes long names with the same beginning', () => {
    const long = 'x'.repeat(300);
    expect(safeFileName(`${long}a`, 100)).not.toBe(safeFileName(`${long}b`, 100));
  });
});

describe('distinctNames', () => {
  it('marks all names that collide, in any order', () => {
    const wanted = ['A', 'b', 'a'].map((plain, index) => ({ plain, marked: `${plain}__${index}` }));
    expect(distinctNames(wanted)).toEqual(['A__0', 'b', 'a__2']);
    expect(distinctNames(wanted.toReversed())).toEqual(['a__2', 'b', 'A__0']);
  });

  // Catches: a mark that collides with a name of the same look.
  it('returns distinct names for any input', () => {
    const wanted = fc.array(
      fc.record({
        plain: fc.constantFrom('a', 'A', 'a__1', 'b'),
        marked: fc.constantFrom('a__1', 'A__1', 'c'),
      }),
    );
    fc.assert(
      fc.property(wanted, (files) => {
        const keys = distinctNames(files).map(collisionKey);
        expect(new Set(keys).size).toBe(files.length);
      }),
    );
  });
});

describe('the path of a policy in the tenantry format', () => {
  // Catches: a file name over 255 bytes, and two policies of one name in one file.
  it('fits every file system and holds the id', () => {
    fc.assert(
      fc.property(anyText, (displayName) => {
        const path = tenantryPath({ policyType: 'scopeTag', graphId: 'g-1', displayName });
        expect(path).toMatch(/^policies\/scopeTag\/[^/]+__g-1\.json$/);
        expect(Buffer.byteLength(path.split('/')[2] ?? '')).toBeLessThanOrEqual(255);
      }),
    );
  });
});

describe('the path of a zip entry', () => {
  it.each(['a', 'a/b.json', 'a b/', '.gitignore', 'a/..b/c..', 'ü/x'])('may be %j', (path) => {
    expect(isPlainPath(path)).toBe(true);
  });
  it.each([
    '',
    '/a',
    'a//b',
    '..',
    'a/..',
    './a',
    'a/./b',
    'a/... ',
    'C:a',
    'a\\b',
    'a\nb',
    'a/'.repeat(600),
  ])('may not be %j', (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
});

describe('derivedGraphId', () => {
  it('returns the id at the end of the name, or derives one from type and name', () => {
    const guid = 'B0B0B0B0-0000-4000-8000-000000000001';
    for (const id of [guid, `T_${guid}`, `${guid}_DefaultLimit`]) {
      expect(derivedGraphId('scopeTag', `Name__${id}`)).toBe(id);
    }
    const made = derivedGraphId('scopeTag', 'Name');
    expect(made).toMatch(guidPattern);
    expect(made).toBe(derivedGraphId('scopeTag', 'Name'));
    expect(made).not.toBe(derivedGraphId('assignmentFilter', 'Name'));
  });
});

describe('contentHash', () => {
  // Catches: a hash that depends on the order of the rows.
  it('depends on every part, and not on the order', () => {
    const one = { type: 'a', graphId: '1', sha256: '00' };
    const other = { type: 'a', graphId: '10', sha256: '01' };
    expect(contentHash([one, other])).toBe(contentHash([other, one]));
    for (const changed of [{ type: 'b' }, { graphId: '2' }, { sha256: '02' }]) {
      expect(contentHash([{ ...one, ...changed }, other])).not.toBe(contentHash([one, other]));
    }
  });
});
