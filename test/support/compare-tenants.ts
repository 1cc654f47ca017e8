import { canonicalAssignments, type Mapping } from '#test/support/tenants/canonical-assignments.ts';
import {
  canonicalBody,
  compareTexts,
  isRecord,
  namings,
  textOf,
  type Canonical,
} from '#test/support/tenants/canonical.ts';
import { isDefault, kindOf } from '#test/support/tenants/restorable.ts';
import { nameOf, type TenantObject } from '#test/support/tenants/tenant-object.ts';

/** Differences between two tenants that a comparison accepts. */
export interface Allowances {
  /** Ids of objects of the second tenant that no backup has. */
  readonly foreign?: readonly string[];
  /** For two tenants: objects match by name, groups by this map, and assignments to other groups are omitted. */
  readonly groups?: ReadonlyMap<string, string>;
  /** False if assignments to all users and all devices have not been written. */
  readonly broad?: boolean;
  /** False to skip the objects that every tenant has from the start. */
  readonly defaults?: boolean;
  /** Properties to skip, by the last segment of the collection: `policies.state`. */
  readonly ignore?: readonly string[];
}

interface Comparable {
  readonly object: TenantObject;
  readonly kind: string;
  readonly label: string;
  readonly body: Canonical;
  readonly assignments: readonly string[];
  readonly text: string;
}

/**
 * Lists the differences between the restorable objects of two tenants, one line each. Objects match by id, else by
 * type and name. Ids, dates and versions do not count; references count by the type and name of their target, and
 * priorities by their order.
 */
export function compareTenants(
  expected: readonly TenantObject[],
  actual: readonly TenantObject[],
  allowances: Allowances = {},
): string {
  const mapping = { groups: allowances.groups ?? null, broad: allowances.broad ?? true };
  const foreign = new Set(allowances.foreign);
  const wanted = comparables(expected, mapping, allowances);
  const found = comparables(
    actual.filter(({ id }) => !foreign.has(id)),
    { groups: null, broad: true },
    allowances,
  );
  const { pairs, missing, surplus } = matched(wanted, found, mapping.groups === null);
  return [
    ...missing.map(({ label }) => `${label}: missing`),
    ...surplus.map(({ label, object }) => `${label}: not expected (${object.id})`),
    ...pairs.flatMap(([want, have]) => differences(want, have)),
    ...orderDifferences(pairs),
  ].join('\n');
}

function comparables(
  objects: readonly TenantObject[],
  mapping: Mapping,
  { defaults, ignore = [] }: Allowances,
): Comparable[] {
  const naming = namings(objects);
  const groupOf = (id: string): string => mapping.groups?.get(id) ?? id;
  return objects.flatMap((object) => {
    const kind = kindOf(object);
    if (kind === undefined || (defaults === false && isDefault(object))) return [];
    const segment = kind.path.split('/').at(-1) ?? '';
    const ignored = ignore.map((each) => each.split('.')).filter(([of]) => of === segment);
    const whole = canonicalBody(object, naming, groupOf);
    const body = Object.fromEntries(
      Object.entries(whole).filter(([name]) => ignored.every(([, property]) => property !== name)),
    );
    const assignments = kind.assigned === null ? [] : canonicalAssignments(object, naming, mapping);
    const label = `${segment} “${nameOf(object)}”`;
    return [
      { object, kind: kind.path, label, body, assignments, text: textOf([body, assignments]) },
    ];
  });
}

/** Pairs objects by id, then by equal content, then by name. Returns the unpaired objects of both sides, too. */
function matched(wanted: readonly Comparable[], found: readonly Comparable[], idsCount: boolean) {
  const pairs: [Comparable, Comparable][] = [];
  let missing = wanted;
  let surplus = found;
  const keys: ((each: Comparable) => string)[] = [
    // Intune assigns the numbers of deleted scope tags again, so their ids prove no identity.
    ...(idsCount
      ? [({ kind, label, object }: Comparable) => `${kind} ${object.id} ${byName(kind, label)}`]
      : []),
    ({ label, text }) => `${label} ${text}`,
    ({ label, object }) => `${label} ${String(object.body['@odata.type'])}`,
  ];
  for (const key of keys) {
    const waiting = new Map<string, Comparable[]>();
    for (const each of surplus) waiting.set(key(each), [...(waiting.get(key(each)) ?? []), each]);
    const rest: Comparable[] = [];
    for (const want of missing) {
      const have = waiting.get(key(want))?.shift();
      if (have === undefined) rest.push(want);
      else pairs.push([want, have]);
    }
    missing = rest;
    surplus = [...waiting.values()].flat();
  }
  return { pairs, missing, surplus };
}

function byName(kind: string, label: string): string {
  return kind.endsWith('/roleScopeTags') ? label : '';
}

function differences(want: Comparable, have: Comparable): string[] {
  if (want.text === have.text) return [];
  const lost = without(want.assignments, have.assignments);
  const added = without(have.assignments, want.assignments);
  return [
    ...valueDifferences(want.body, have.body, ''),
    ...shortened(lost.map((text) => `assignment lost: ${text}`)),
    ...shortened(added.map((text) => `assignment not expected: ${text}`)),
  ].map((line) => `${want.label}: ${line}`);
}

/** A policy may have hundreds of assignments; the first few show the difference. */
const linesMax = 3;

function shortened(lines: readonly string[]): string[] {
  const more = lines.length - linesMax;
  return more > 0 ? [...lines.slice(0, linesMax), `and ${more} more such assignments`] : [...lines];
}

/** The paths at which two values differ; a list counts as one value. */
function valueDifferences(want: unknown, have: unknown, at: string): string[] {
  if (textOf(want) === textOf(have)) return [];
  if (!isRecord(want) || !isRecord(have)) {
    return [`${at}: ${textOf(want)} became ${textOf(have)}`];
  }
  const names = [...new Set([...Object.keys(want), ...Object.keys(have)])].toSorted(compareTexts);
  return names.flatMap((name) =>
    valueDifferences(want[name], have[name], at === '' ? name : `${at}.${name}`),
  );
}

function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** The order of configurations of one kind must be the same; their numbers may differ. */
function orderDifferences(pairs: readonly (readonly [Comparable, Comparable])[]): string[] {
  const ordered = pairs.filter(([{ object }]) => Number(object.body['priority']) > 0);
  const groups = Map.groupBy(ordered, ([{ object, kind }]) =>
    [kind, object.body['@odata.type'], object.body['platformType']].join(' '),
  );
  return [...groups.values()].flatMap((group) => {
    const by = (side: 0 | 1): string =>
      group
        .toSorted((left, right) => priorityOf(left[side]) - priorityOf(right[side]))
        .map(([{ label, object }]) => `${label} (${object.id})`)
        .join(', ');
    return by(0) === by(1) ? [] : [`order: ${by(0)} became ${by(1)}`];
  });
}

function priorityOf({ object }: Comparable): number {
  return Number(object.body['priority']);
}
