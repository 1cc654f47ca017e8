import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Change, diffDocuments } from '#domain/diff/diff.ts';
import { type DiffRules, withSharedRules } from '#domain/diff/rules.ts';
import { JsonTextError } from '#domain/json/json-text-error.ts';
import { parseDocument } from '#domain/json/policy-document.ts';

const rules: DiffRules = withSharedRules({
  pairBy: [{ path: 'item.rows', keys: ['name'] }],
  volatile: ['usedLicenseCount'],
  kept: ['children.linked.id'],
  secretMarkers: [{ property: 'valueState', equals: 'encryptedValueToken' }],
  nested: [{ child: 'definitionValues', name: 'presentationValues' }],
});

const diff = (before: string, after: string): Change[] =>
  diffDocuments(parseDocument(before), parseDocument(after), rules);
const snapshot = (item: string, children = '{}', assignments = '[]') =>
  `{"item":${item},"children":${children},"assignments":${assignments}}`;
const diffItems = (before: string, after: string) => diff(snapshot(before), snapshot(after));

/** Parsed JSON with numbers as strings outside JSON. */
type Tree = null | boolean | string | { literal: string } | Tree[] | { members: [string, Tree][] };

const names = fc.constantFrom('rows', 'name', 'value', 'a', 'a.b', '__proto__', 'constructor', '');
const scalar: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom<Tree>(null, true, false, 'x', 'y', '1', '****'),
  fc.constantFrom('1', '1.0', '9007199254740993', '-0').map((literal) => ({ literal })),
);
const tree: fc.Arbitrary<Tree> = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('node'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(names, tie('node')), { maxLength: 4, selector: ([name]) => name })
      .map((members) => ({ members })),
  ),
})).node;
const item = fc
  .uniqueArray(fc.tuple(names, tree), { maxLength: 5, selector: ([name]) => name })
  .map((members) => ({ members }));

/** Writes a tree; `turn` decides the order of each list of elements or members. */
function write(node: Tree, turn: <T>(list: T[]) => T[] = (list) => list): string {
  if (node === null || typeof node !== 'object') return JSON.stringify(node);
  if (Array.isArray(node)) return `[${turn(node.map((each) => write(each, turn))).join(',')}]`;
  if ('literal' in node) return node.literal;
  const members = node.members.map(
    ([name, value]) => `${JSON.stringify(name)}:${write(value, turn)}`,
  );
  return `{${turn(members).join(',')}}`;
}

const reversed = <T>(list: T[]) => list.toReversed();
const swapped = (changes: Change[]) =>
  changes.map(({ path, before, after }) => ({ path, before: after, after: before }));

describe('diffDocuments', () => {
  // Catches: pairing by position, order-sensitive equality, lists of scalars compared as sequences.
  it('finds nothing between a snapshot and itself in another order', () => {
    fc.assert(
      fc.property(item, (node) => {
        expect(diffItems(write(node), write(node))).toEqual([]);
        expect(diffItems(write(node), write(node, reversed))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  // Catches: numbering by the side read first, and two changes with one path.
  it('finds the same changes with its sides swapped, each once', () => {
    fc.assert(
      fc.property(item, item, (one, other) => {
        const there = diffItems(write(one), write(other));
        expect(diffItems(write(other), write(one))).toEqual(swapped(there));
        expect(new Set(there.map(({ path }) => path)).size).toBe(there.length);
        for (const { before, after } of there) expect(before).not.toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  // Catches: a place outside the walk (keys such as __proto__, elements of lists of lists, the last one).
  it('finds a change at any place', () => {
    fc.assert(
      fc.property(item, fc.nat(), (node, seed) => {
        const places = countScalars(node);
        fc.pre(places > 0);
        const changed = replaceScalar(node, seed % places);
        const after = diffItems(write(node), write(changed)).map((change) => change.after);
        expect(after.some((text) => text.includes('"changed"'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  // Catches: plain JSON.parse, for which both numbers are equal.
  it('distinguishes numbers by their spelling', () => {
    expect(diffItems('{"a":9007199254740993,"b":1.0}', '{"a":9007199254740992,"b":1}')).toEqual([
      { path: 'item.a', before: '9007199254740993', after: '9007199254740992' },
      { path: 'item.b', before: '1.0', after: '1' },
    ]);
  });

  // Catches: null reported as a change of a member that Graph omitted the last time.
  it('treats null and absent as equal, and shows an absent value as null', () => {
    expect(diffItems('{"a":null,"b":1}', '{"c":null}')).toEqual([
      { path: 'item.b', before: '1', after: 'null' },
    ]);
    const [long, short] = ['{"l":[{"n":1,"x":null},{"n":2,"x":null}]}', '{"l":[{"n":2},{"n":1}]}'];
    expect(diffItems(long, short)).toEqual([]);
  });

  // Catches: a tag that Graph names twice reported as a change of the tags.
  it('compares lists of scalars as sets', () => {
    expect(diffItems('{"tags":["0","1","0"]}', '{"tags":["1","0"]}')).toEqual([]);
    expect(diffItems('{"tags":["0","1"]}', '{"tags":["0",1]}')).toEqual([
      { path: 'item.tags', before: '["0","1"]', after: '["0",1]' },
    ]);
  });

  // Catches: time stamps, counts, links and addresses shown as drift; a setting of the same name swallowed.
  it('ignores volatile members at their own places only', () => {
    const of = (n: number) =>
      `{"id":"${n}","version":${n},"lastModifiedDateTime":"${n}","usedLicenseCount":${n},` +
      `"a@odata.context":"${n}","#microsoft.graph.assign":{"n":${n}},"@odata.type":"#t",` +
      `"inner":{"id":${n},"version":${n}}}`;
    const children = (n: number) => `{"settings":[{"id":"${n}","settingInstance":{"n":1}}]}`;
    const both = [1, 2].map((n) => snapshot(of(n), children(n), `[{"id":"${n}","target":{}}]`));
    expect(diff(both[0] ?? '', both[1] ?? '').map(({ path }) => path)).toEqual([
      'item.inner.id',
      'item.inner.version',
    ]);
    expect(diffItems('{"@odata.type":"#a"}', '{"@odata.type":"#b"}')).toHaveLength(1);
  });

  // Catches: a backup without assignments compared as if the policy had no assignments.
  it('does not compare assignments that one side does not know', () => {
    const assigned = '[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}]';
    expect(diff(snapshot('{}', '{}', 'null'), snapshot('{}', '{}', assigned))).toEqual([]);
    expect(diff(snapshot('{}'), snapshot('{}', '{}', assigned))).toHaveLength(1);
  });

  // Catches: a hostile snapshot that overflows the stack.
  it('refuses a snapshot that is too deep', () => {
    const deep = snapshot(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`);
    expect(() => diff(deep, deep)).toThrow(JsonTextError);
  });
});

describe('diffDocuments, pairing by key,', () => {
  const setting = (name: string, value: string) =>
    `{"id":"0","settingInstance":{"settingDefinitionId":"${name}","choiceSettingValue":{"value":"${value}"}}}`;
  const settings = (...all: string[]) => snapshot('{}', `{"settings":[${all.join(',')}]}`);

  // Catches: settings paired by position, so that a new first setting changes all others.
  it('pairs settings by their definitions', () => {
    const before = settings(setting('vendor_a', '1'), setting('vendor_b', '1'));
    const after = settings(
      setting('vendor_new', '1'),
      setting('vendor_b', '2'),
      setting('vendor_a', '1'),
    );
    expect(diff(before, after)).toEqual([
      {
        path: 'children.settings[vendor_b].settingInstance.choiceSettingValue.value',
        before: '"1"',
        after: '"2"',
      },
      {
        path: 'children.settings[vendor_new]',
        before: 'null',
        after:
          '{"settingInstance":{"choiceSettingValue":{"value":"1"},"settingDefinitionId":"vendor_new"}}',
      },
    ]);
  });

  // Catches: groups of one kind paired by position, and duplicate keys lost in a map.
  it('pairs groups of settings by their content, equal ones first', () => {
    const group = (name: string, port: string) =>
      `{"children":[{"settingDefinitionId":"rule_name","simpleSettingValue":{"value":"${name}"}},` +
      `{"settingDefinitionId":"rule_port","simpleSettingValue":{"value":${port}}}]}`;
    const groups = (...all: string[]) =>
      settings(
        `{"settingInstance":{"settingDefinitionId":"rules","groupSettingCollectionValue":[${all.join(',')}]}}`,
      );
    const before = groups(group('dns', '53'), group('web', '80'), group('mail', '25'));
    const after = groups(group('mail', '25'), group('web', '443'), group('dns', '53'));
    const rule = 'children.settings[rules].settingInstance.groupSettingCollectionValue[#1]';
    expect(diff(before, after)).toEqual([
      {
        path: `${rule}.children[rule_port].simpleSettingValue.value`,
        before: '80',
        after: '443',
      },
    ]);
    expect(diff(before, groups(group('dns', '53'), group('web', '80')))).toHaveLength(1);
  });

  // Catches: a key of several members with only the first counted, and equal keys of different types.
  it('pairs by several members and shows them without ambiguity', () => {
    const actions = (...all: [string, number, string][]) =>
      `{"scheduledActionsForRule":[{"ruleName":null,"scheduledActionConfigurations":[${all
        .map(
          ([actionType, hours, to]) =>
            `{"actionType":"${actionType}","gracePeriodHours":${hours},"to":"${to}"}`,
        )
        .join(',')}]}]}`;
    const list = 'item.scheduledActionsForRule[#1].scheduledActionConfigurations';
    expect(
      diffItems(
        actions(['block', 0, 'x'], ['notify', 24, 'x'], ['notify', 72, 'x']),
        actions(['notify', 72, 'y'], ['notify', 24, 'x'], ['block', 0, 'x']),
      ),
    ).toEqual([{ path: `${list}[notify+72].to`, before: '"x"', after: '"y"' }]);
    const rows = (...all: string[]) =>
      `{"rows":[${all.map((name) => `{"name":${name},"n":1}`).join(',')}]}`;
    const odd = diffItems(rows(), rows('1', '"1"', '"a+b"', '"a#1"', '"]"', '{}', 'null'));
    expect(odd.map(({ path }) => path)).toEqual([
      'item.rows["1"]',
      'item.rows["]"]',
      'item.rows["a#1"]',
      'item.rows["a+b"]',
      'item.rows[#1]',
      'item.rows[#2]',
      'item.rows[1]',
    ]);
  });

  // Catches: an assignment with another filter treated as the same one.
  it('pairs assignments by target, group and filter', () => {
    const assignment = (group: string, filter: string) =>
      `{"id":"p_${group}","source":"direct","target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget",` +
      `"groupId":"${group}","deviceAndAppManagementAssignmentFilterId":${filter},"deviceAndAppManagementAssignmentFilterType":"none"}}`;
    const of = (...all: string[]) => snapshot('{}', '{}', `[${all.join(',')}]`);
    const paths = diff(
      of(assignment('g-1', 'null'), assignment('g-2', 'null')),
      of(assignment('g-2', '"f-1"'), assignment('g-1', 'null')),
    ).map(({ path }) => path);
    expect(paths).toEqual([
      'assignments[groupAssignmentTarget+g-2+f-1+none]',
      'assignments[groupAssignmentTarget+g-2+none]',
    ]);
  });

  // Catches: presentation values lost, or shown as removed and added because their parent was created again.
  it('pairs nested collections under their own element', () => {
    const of = (id: string, value: string) =>
      snapshot(
        '{}',
        `{"definitionValues":[{"id":"${id}","enabled":true,"definition":{"id":"d-1"}}],` +
          `"presentationValues":{"${id}":[{"id":"${id}p","value":"${value}","presentation":{"id":"p-1"}}]}}`,
      );
    expect(diff(of('1', 'on'), of('2', 'off'))).toEqual([
      {
        path: 'children.definitionValues[d-1].presentationValues[p-1].value',
        before: '"on"',
        after: '"off"',
      },
    ]);
  });
});

describe('a secret in a diff', () => {
  const oma = (value: string, isEncrypted: boolean) =>
    `{"omaSettings":[{"omaUri":"./Vendor/Key","value":${value},"isEncrypted":${isEncrypted}}]}`;

  // Catches: a token or a plain value shown because the code checks only one side, or only the whole element.
  it('is masked, and its change is still shown', () => {
    const shown = [
      diffItems(oma('"old secret"', true), oma('"new secret"', true)),
      diffItems(oma('"old secret"', true), oma('"new secret"', false)),
      diffItems(oma('"old secret"', false), oma('"new secret"', true)),
      diffItems('{"omaSettings":[]}', oma('"new secret"', true)),
      diffItems(oma('{"in":"old secret"}', true), oma('{"in":"new secret"}', true)),
      diffItems('{}', `{"deep":{"value":"new secret","valueState":"encryptedValueToken"}}`),
    ];
    for (const changes of shown) {
      expect(changes.length).toBeGreaterThan(0);
      expect(JSON.stringify(changes)).not.toContain('secret');
      expect(JSON.stringify(changes)).toContain('****');
    }
    expect(shown[0]).toEqual([
      { path: 'item.omaSettings[./Vendor/Key].value', before: '"****"', after: '"****"' },
    ]);
  });
});

function countScalars(node: Tree): number {
  if (node === null || typeof node !== 'object' || 'literal' in node) return 1;
  const inner = Array.isArray(node) ? node : node.members.map(([, value]) => value);
  return inner.reduce<number>((sum, each) => sum + countScalars(each), 0);
}

/** The tree with its n-th scalar replaced by a unique one. */
function replaceScalar(node: Tree, at: number): Tree {
  let left = at;
  const visit = (each: Tree): Tree => {
    if (each === null || typeof each !== 'object' || 'literal' in each) {
      left -= 1;
      return left === -1 ? 'changed' : each;
    }
    if (Array.isArray(each)) return each.map(visit);
    return { members: each.members.map(([name, value]) => [name, visit(value)]) };
  };
  return visit(node);
}
