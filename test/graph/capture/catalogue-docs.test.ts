import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';

const page = readFileSync(new URL('../../../docs/policy-types.md', import.meta.url), 'utf8');

interface Row {
  readonly type: string;
  readonly name: string;
  readonly collection: string;
  readonly isAlwaysRead: boolean;
  readonly isRestored: boolean;
}

/** The rows with seven columns: the tables of types. */
const rows: Row[] = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 9 && cells[1]?.startsWith('`'))
  .map(([, type = '', name = '', collection = '', , changes = '', , restore = '']) => ({
    type: type.replaceAll('`', ''),
    name,
    collection: collection.replaceAll('`', ''),
    isAlwaysRead: changes.startsWith('always read'),
    isRestored: !restore.startsWith('not restored'),
  }));

function rowOf({ collection, displayName, incremental, restore, type }: PolicyType): Row {
  return {
    type,
    name: displayName,
    collection,
    isAlwaysRead: incremental.by === 'alwaysRead',
    isRestored: restore !== null,
  };
}

describe('docs/policy-types.md', () => {
  // Catches: a type without a row, a row without a type, and a row in conflict with the catalogue's entry.
  it('docs/policy-types.md describes every type as the catalogue does', () => {
    const byType = (a: Row, b: Row): number => (a.type < b.type ? -1 : 1);
    expect(rows.toSorted(byType)).toEqual(policyTypes.map(rowOf).toSorted(byType));
  });
});
