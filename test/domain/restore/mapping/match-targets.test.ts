import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import {
  type MatchedItem,
  type MatchInput,
  matchTargets,
} from '#domain/restore/mapping/match-targets.ts';

type Live = MatchInput['live'][number];

const like = (graphId: string, displayName: string, more: Partial<Live> = {}): Live => ({
  policyType: 'deviceConfiguration',
  graphId,
  displayName,
  odataType: null,
  platform: null,
  ...more,
});

const item = (graphId: string, displayName: string, more: Partial<MatchedItem> = {}) => ({
  ...like(graphId, displayName),
  itemId: `item-${graphId}`,
  inScope: true,
  ...more,
});

function match(
  items: readonly MatchedItem[],
  live: readonly Live[],
  {
    mapping = {},
    sameTenant = true,
  }: { mapping?: Record<string, string>; sameTenant?: boolean } = {},
) {
  const targets = matchTargets({
    items,
    live,
    mapping: (_type, id) => mapping[id] ?? null,
    sameTenant,
  });
  return items.map(({ itemId }) => targets.get(itemId));
}

const existing = (graphId: string, foundBy: string) => ({ kind: 'exists', graphId, foundBy });
const create = { kind: 'create' };

describe('matchTargets', () => {
  it('finds an object of the same tenant by its id, after a rename and with another case of the id', () => {
    expect(match([item('AB', 'Old')], [like('ab', 'New'), like('cd', 'Old')])).toEqual([
      existing('ab', 'id'),
    ]);
  });

  it('ignores ids of another tenant', () => {
    expect(match([item('ab', 'Old')], [like('ab', 'New')], { sameTenant: false })).toEqual([
      create,
    ]);
  });

  it('finds the object of an earlier restore while it exists', () => {
    const items = [item('a', 'One')];
    const made = { mapping: { a: 'X' } };
    expect(match(items, [like('x', 'Renamed'), like('y', 'One')], made)).toEqual([
      existing('x', 'mapping'),
    ]);
    expect(match(items, [like('y', 'One')], made)).toEqual([existing('y', 'name')]);
    expect(match(items, [], made)).toEqual([create]);
  });

  it('finds by name the only free object of the type', () => {
    expect(match([item('a', 'One')], [like('x', 'One')])).toEqual([existing('x', 'name')]);
    expect(match([item('a', 'One')], [like('x', 'one')])).toEqual([create]);
    expect(match([item('a', 'One')], [like('x', 'One', { policyType: 'shellScript' })])).toEqual([
      create,
    ]);
  });

  // Catches: a match by name with an object that another item owns by id, inside or outside the scope.
  it('leaves an object to the item with its id', () => {
    const items = [item('a', 'One'), item('b', 'One', { inScope: false })];
    expect(match(items, [like('b', 'One')])).toEqual([create, undefined]);
    expect(
      match([items[0]!, item('b', 'Two')], [like('x', 'One')], { mapping: { b: 'x' } }),
    ).toEqual([create, existing('x', 'mapping')]);
  });

  it('compares the derived type and the platform if both sides know them', () => {
    const wanted = item('a', 'One', { odataType: 'ios', platform: 'iOS' });
    const [ios, android, unknown] = [
      like('i', 'One', { odataType: 'ios', platform: 'iOS' }),
      like('d', 'One', { odataType: 'android', platform: 'android' }),
      like('u', 'One', { platform: 'iOS' }),
    ];
    expect(match([wanted], [android])).toEqual([create]);
    expect(match([wanted], [ios, android])).toEqual([existing('i', 'name')]);
    expect(match([wanted], [unknown, android])).toEqual([existing('u', 'name')]);
    expect(match([wanted], [ios, unknown])).toEqual([{ kind: 'ambiguous', candidates: 2 }]);
  });

  // Catches: the first of several matches, so that a restore overwrites another object.
  it('finds the target ambiguous if the name does not decide', () => {
    const two = [item('a', 'One'), item('b', 'One')];
    const ambiguous = (candidates: number) => ({ kind: 'ambiguous', candidates });
    expect(match([two[0]!], [like('x', 'One'), like('y', 'One')])).toEqual([ambiguous(2)]);
    expect(match(two, [like('x', 'One'), like('y', 'One')])).toEqual([ambiguous(2), ambiguous(2)]);
    expect(match(two, [like('x', 'One')])).toEqual([ambiguous(1), ambiguous(1)]);
    expect(match([two[0]!, { ...two[1]!, inScope: false }], [like('x', 'One')])).toEqual([
      ambiguous(1),
      undefined,
    ]);
    expect(match(two, [])).toEqual([create, create]);
    // With one of them matched, the name decides again: the remaining object has no other item.
    expect(match(two, [like('a', 'One')])).toEqual([existing('a', 'id'), create]);
    expect(match(two, [like('a', 'One'), like('x', 'One')])).toEqual([
      existing('a', 'id'),
      existing('x', 'name'),
    ]);
  });

  it('finds the target ambiguous if an earlier restore mapped two items to one object', () => {
    const mapping = { a: 'x', b: 'x' };
    const ambiguous = { kind: 'ambiguous', candidates: 1 };
    expect(match([item('a', 'One'), item('b', 'Two')], [like('x', 'One')], { mapping })).toEqual([
      ambiguous,
      ambiguous,
    ]);
  });

  // Catches: `c1` of another tenant written over `c1` of this one, although applications ask for it by this number.
  it('does not create under a fixed id that the tenant uses for another object', () => {
    const context = { policyType: 'authenticationContext' };
    const wanted = [item('c1', 'Payments', context)];
    const elsewhere = { sameTenant: false };
    const named = (graphId: string, displayName: string) => like(graphId, displayName, context);
    expect(match(wanted, [named('c1', 'Visitors')], elsewhere)).toEqual([
      { kind: 'ambiguous', candidates: 1 },
    ]);
    expect(match(wanted, [named('c5', 'Payments'), named('c1', 'Visitors')], elsewhere)).toEqual([
      existing('c5', 'name'),
    ]);
    expect(match(wanted, [named('c2', 'Visitors')], elsewhere)).toEqual([create]);
    expect(match(wanted, [named('c1', 'Visitors')])).toEqual([existing('c1', 'id')]);
  });

  const names = fc.constantFrom('A', 'B', '__proto__');
  const kind = fc.constantFrom(null, 'ios', 'android');
  const ids = fc.integer({ min: 0, max: 12 }).map(String);
  const objects = fc.uniqueArray(
    fc.record({ graphId: ids, displayName: names, odataType: kind, platform: kind }),
    { selector: ({ graphId }) => graphId, maxLength: 8 },
  );

  // Catches: a pass that forgets earlier matches; two claims on one object by mapping.
  it('never gives one object to two items, in any order, and no target out of scope', () => {
    fc.assert(
      fc.property(
        objects,
        objects,
        fc.dictionary(ids, ids),
        fc.boolean(),
        fc.func(fc.boolean()),
        (sources, live, mapping, sameTenant, isInScope) => {
          const items = sources.map((one) =>
            item(one.graphId, one.displayName, { ...one, inScope: isInScope(one.graphId) }),
          );
          const tenant = live.map((one) => like(one.graphId, one.displayName, one));
          const targets = match(items, tenant, { mapping, sameTenant });
          const given = targets.flatMap((one) => (one?.kind === 'exists' ? [one.graphId] : []));
          expect(new Set(given).size).toBe(given.length);
          expect(targets.map((one) => one !== undefined)).toEqual(items.map((one) => one.inScope));
          const backwards = match([...items].reverse(), [...tenant].reverse(), {
            mapping,
            sameTenant,
          });
          expect(backwards.reverse()).toEqual(targets);
        },
      ),
    );
  });

  // Catches: every item compared with every object of its name.
  it('takes linear time, also if all items have one name', () => {
    const count = 20_000;
    const items = Array.from({ length: count }, (_, at) => item(`s${at}`, 'One'));
    const live = Array.from({ length: count }, (_, at) => like(`t${at}`, 'One'));
    const startedMs = performance.now();
    expect(match(items, live)[0]).toEqual({ kind: 'ambiguous', candidates: count });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('reads from the catalogue which types have fixed ids', () => {
    const fixed = policyTypes.filter(({ restore }) => restore?.create.by === 'fixedId');
    expect(fixed.map(({ type }) => type)).toEqual(['authenticationContext']);
  });
});
