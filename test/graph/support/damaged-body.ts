import type { PolicyType } from '#domain/policy-types/policy-type.ts';

type Members = Readonly<Record<string, unknown>>;

/** Kind of damage: some content changed, or all children and assignments gone. */
export type Damage = 'changed' | 'emptied';

/** Members of a child's element that a test may change without turning it into another element. */
const contentNames = [
  'value',
  'valueJson',
  'subject',
  'messageTemplate',
  'enabled',
  'gracePeriodHours',
  'members',
  'file',
];

/**
 * Returns the members to set on an object for its damage: all members Graph accepts writes for.
 * @param body as seeded, with children and assignments.
 */
export function damagedBody(type: PolicyType, body: Members, damage: Damage): Members {
  const { children, restore } = type;
  const inPlace = restore?.inPlaceWhen;
  const isDefault = inPlace && body[inPlace.property] === inPlace.equals;
  const fixed = [
    ...(restore?.stripOnUpdate ?? []),
    ...(isDefault ? (restore?.stripInPlace ?? []) : []),
    ...(inPlace ? [inPlace.property] : []),
    'assignments',
    '@odata.type',
    ...children.map(({ name }) => name),
  ];
  const item = Object.entries(body)
    .filter(([name]) => !fixed.includes(name))
    .map(([name, value]) => [name, spoilt(value)]);
  const below = children
    .filter(({ name }) => Object.hasOwn(body, name))
    .map(({ name }) => [
      name,
      damage === 'emptied' ? emptied(body[name]) : spoiltChild(body[name]),
    ]);
  const assigned =
    type.assignments === null || isDefault ? [] : [['assignments', assignments(damage)]];
  return Object.fromEntries([...item, ...below, ...assigned]) as Members;
}

function spoilt(value: unknown): unknown {
  if (typeof value === 'string') return `${value} x`;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return Array.isArray(value) ? [] : value;
}

function emptied(child: unknown): unknown {
  return Array.isArray(child) ? [] : null;
}

/** Drops the last element, reverses the others, changes their values, and adds a surplus one. */
function spoiltChild(child: unknown): unknown {
  if (!Array.isArray(child)) return otherValues(child);
  return [...child.slice(0, -1).toReversed().map(otherValues), ...surplus(child[0])];
}

/** Returns one more element, if elements are told apart by name. */
function surplus(element: unknown): object[] {
  if (typeof element !== 'object' || element === null) return [];
  const id = 'eeeeeeee-0000-4000-8000-000000000001';
  if ('locale' in element) return [{ ...element, id, locale: 'nb-no', isDefault: false }];
  return 'displayName' in element ? [{ ...element, id, displayName: 'Extra' }] : [];
}

function otherValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      contentNames.includes(name) && typeof member !== 'object'
        ? spoilt(member)
        : otherValues(member),
    ]),
  );
}

/** No assignments, or all devices without one group. */
function assignments(damage: Damage): object[] {
  if (damage === 'emptied') return [];
  return ['allDevicesAssignmentTarget', 'exclusionGroupAssignmentTarget'].map((kind, at) => ({
    id: `00000000-0000-4000-8000-00000000000${at}`,
    target: {
      '@odata.type': `#microsoft.graph.${kind}`,
      ...(at === 0 ? {} : { groupId: 'dddddddd-0000-4000-8000-000000000001' }),
    },
  }));
}
