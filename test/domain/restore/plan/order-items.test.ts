import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type OrderedItem, orderItems } from '#domain/restore/plan/order-items.ts';
import { typeOf } from '#test/domain/support/documents.ts';

const item = (policyType: string, name: string, priority: number | null = null): OrderedItem => ({
  itemId: name,
  policyType,
  displayName: name,
  graphId: `G-${name}`,
  priority,
});

const refers = (itemId: string, policyType: string, name: string) => ({
  itemId,
  policyType,
  graphId: `g-${name}`,
});

/** The names of each group. */
function groups(...given: Parameters<typeof orderItems>): string[][] {
  const found: string[][] = [];
  for (const { itemId, group } of orderItems(...given)) (found[group] ??= []).push(itemId);
  return found;
}

describe('orderItems', () => {
  it('follows the waves of the catalogue', () => {
    const items = [
      item('conditionalAccess', 'access'),
      item('policySet', 'set'),
      item('settingsCatalogPolicy', 'settings'),
      item('reusableSetting', 'reusable'),
      item('assignmentFilter', 'filter'),
      item('scopeTag', 'tag'),
      item('mobileApp', 'app'),
    ];
    expect(groups(items, [])).toEqual([
      ['tag'],
      ['filter'],
      ['reusable'],
      ['app', 'settings'],
      ['set'],
      ['access'],
    ]);
  });

  // Catches: certificates written at the same time as profiles with links to them, so that a link fails.
  it('puts a referenced item before the referring one, within a wave', () => {
    const type = 'deviceConfiguration';
    const items = ['wifi', 'scep', 'root', 'other'].map((name) => item(type, name));
    const references = [
      refers('wifi', type, 'scep'),
      refers('scep', type, 'root'),
      refers('wifi', type, 'root'),
      refers('wifi', type, 'elsewhere'),
      refers('wifi', type, 'wifi'),
    ];
    expect(groups(items, references)).toEqual([['other', 'root'], ['scep'], ['wifi']]);
  });

  it('breaks a cycle and keeps the items below it behind it', () => {
    const type = 'deviceConfiguration';
    const items = ['a', 'b', 'c'].map((name) => item(type, name));
    const cycle = [refers('a', type, 'b'), refers('b', type, 'a'), refers('c', type, 'a')];
    const order = orderItems(items, cycle).map(({ itemId }) => itemId);
    expect(order).toHaveLength(3);
    expect(order.indexOf('c')).toBeGreaterThan(order.indexOf('a'));
  });

  // Catches: priorities set at the same time or downwards, so that each moves the others.
  it('puts items with priorities one by one, upwards, after the others of the wave', () => {
    const items = [
      item('enrollmentConfiguration', 'third', 3),
      item('enrollmentConfiguration', 'default', 0),
      item('enrollmentConfiguration', 'unknown'),
      item('enrollmentConfiguration', 'second', 2),
      item('appleUserEnrollment', 'apple', 7),
      item('shellScript', 'script'),
      item('policySet', 'set'),
    ];
    expect(groups(items, [])).toEqual([
      ['script'],
      ['apple'],
      ['default'],
      ['second'],
      ['third'],
      ['unknown'],
      ['set'],
    ]);
  });

  it('gives the same order for any order of the input', () => {
    const items = ['b', 'a', 'c'].map((name) => item('shellScript', name));
    expect(orderItems(items, [])).toEqual(orderItems([...items].reverse(), []));
  });

  const names = Array.from({ length: 12 }, (_, at) => `n${at}`);
  const types = ['deviceConfiguration', 'shellScript', 'powershellScript', 'scopeTag'];
  const anyItems = fc
    .tuple(...names.map(() => fc.constantFrom(...types)))
    .map((chosen) => names.map((name, at) => item(chosen[at] ?? '', name)));
  const anyName = fc.integer({ min: 0, max: names.length - 1 });

  // Catches: depth counted only by the first reference, or too early; an item lost or doubled.
  it('respects every reference to an earlier wave, or within a wave without a cycle', () => {
    fc.assert(
      fc.property(
        anyItems,
        fc.array(fc.tuple(anyName, anyName), { minLength: 15 }),
        (items, edges) => {
          // Only from a later name to an earlier one, so that there is no cycle.
          const references = edges
            .map(([one, other]) => [Math.max(one, other), Math.min(one, other)] as const)
            .filter(([from, to]) => from !== to)
            .map(([from, to]) => refers(`n${from}`, items[to]?.policyType ?? '', `n${to}`));
          const order = orderItems(items, references);
          expect(order.map(({ itemId }) => itemId).sort()).toEqual([...names].sort());
          const groupOf = new Map(order.map(({ itemId, group }) => [itemId, group]));
          const waveOf = (name: string) => {
            const found = items.find(({ itemId }) => itemId === name);
            return typeOf(found?.policyType ?? '').restore?.wave ?? 0;
          };
          for (const { itemId, graphId } of references) {
            const needed = graphId.slice(2);
            if (waveOf(needed) > waveOf(itemId)) continue;
            expect(groupOf.get(needed)).toBeLessThan(groupOf.get(itemId) ?? -1);
          }
          expect(new Set(groupOf.values()).size).toBe((order.at(-1)?.group ?? -1) + 1);
        },
      ),
    );
  });

  it('ends for any cycles, and for a chain as long as a set', () => {
    const count = 20_000;
    const chain = Array.from({ length: count }, (_, at) => item('shellScript', `c${at}`));
    const links = chain.map((_, at) => refers(`c${at}`, 'shellScript', `c${at + 1}`));
    expect(orderItems(chain, links)[0]).toEqual({ itemId: `c${count - 1}`, group: 0 });
    const ring = [...links, refers(`c${count - 1}`, 'shellScript', 'c0')];
    expect(orderItems(chain, ring)).toHaveLength(count);
  });
});
