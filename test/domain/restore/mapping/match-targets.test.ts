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

describe('matching a backup with what a tenant has', () => {
  it('finds an object of its own tenant by its id, whatever it is called now and however the id is spelt', () => {
    expect(match([item('AB', 'Old')], [like('ab', 'New'), like('cd', 'Old')])).toEqual([
      existing('ab', 'id'),
    ]);
  });

  it('knows no ids of another tenant', () => {
    expect(match([item('ab', 'Old')], [like('ab', 'New')], { sameTenant: false })).toEqual([
      create,
    ]);
  });

  it('finds what an earlier restore has made, while it is there', () => {
    const items = [item('a', 'One')];
    const made = { mapping: { a: 'X' } };
    expect(match(items, [like('x', 'Renamed'), like('y', 'One')], made)).toEqual([
      existing('x', 'mapping'),
    ]);
    expect(match(items, [like('y', 'One')], made)).toEqual([existing('y', 'name')]);
    expect(match(items, [], made)).toEqual([create]);
  });

  it('finds by its name the one object of its type that is nobody else’s', () => {
    expect(match([item('a', 'One')], [like('x', 'One')])).toEqual([existing('x', 'name')]);
    expect(match([item('a', 'One')], [like('x', 'one')])).toEqual([create]);
    expect(match([item('a', 'One')], [like('x', 'One', { policyType: 'shellScript' })])).toEqual([
      create,
    ]);
  });

  // Catches: an object taken by name that is another item's by id, restored or not.
  it('leaves to another item the object that has its id', () => {
    const items = [item('a', 'One'), item('b', 'One', { inScope: false })];
    expect(match(items, [like('b', 'One')])).toEqual([create, undefined]);
    expect(
      match([items[0]!, item('b', 'Two')], [like('x', 'One')], { mapping: { b: 'x' } }),
    ).toEqual([create, existing('x', 'mapping')]);
  });

  it('asks the derived type and the platform where both sides know them', () => {
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

  // Catches: the first of several taken, so that a restore overwrites an object that it does not mean.
  it('takes none where a name does not decide', () => {
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
    // With one of them there, the name decides again: what is left of it is nobody's.
    expect(match(two, [like('a', 'One')])).toEqual([existing('a', 'id'), create]);
    expect(match(two, [like('a', 'One'), like('x', 'One')])).toEqual([
      existing('a', 'id'),
      existing('x', 'name'),
    ]);
  });

  it('takes none for two items that an earlier restore has mapped to one object', () => {
    const mapping = { a: 'x', b: 'x' };
    const ambiguous = { kind: 'ambiguous', candidates: 1 };
    expect(match([item('a', 'One'), item('b', 'Two')], [like('x', 'One')], { mapping })).toEqual([
      ambiguous,
      ambiguous,
    ]);
  });

  // Catches: `c1` of another tenant written over the `c1` of this one, which applications ask for by that number.
  it('does not create under an id that Microsoft gives and the tenant uses otherwise', () => {
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

  // Catches: a pass that forgets what the one before has taken; two claims on one object by mapping.
  it('never gives two items one object, says the same in any order, and gives nothing out of scope', () => {
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
  it('takes time in proportion to what there is, also where all bear one name', () => {
    const count = 20_000;
    const items = Array.from({ length: count }, (_, at) => item(`s${at}`, 'One'));
    const live = Array.from({ length: count }, (_, at) => like(`t${at}`, 'One'));
    const startedMs = performance.now();
    expect(match(items, live)[0]).toEqual({ kind: 'ambiguous', candidates: count });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('knows of the types whose ids Microsoft gives from the catalogue', () => {
    const fixed = policyTypes.filter(({ restore }) => restore?.create.by === 'fixedId');
    expect(fixed.map(({ type }) => type)).toEqual(['authenticationContext']);
  });
});
