import { seededRandom, type SeededRandom } from '#test/support/generated/seeded-random.ts';
import { isRecord } from './canonical.ts';
import { changedEntry, changedProperty } from './changed-value.ts';
import { isDefault, kindOf, type RestorableKind } from './restorable.ts';
import type { TenantObject } from './tenant-object.ts';

/** One thing that was done to a tenant, as `POST /_sim/tenants/{t}/mutate` takes it. */
export interface Mutation {
  readonly path: string;
  readonly id: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly delete?: true;
  /** For people who look for what went wrong. */
  readonly what: string;
}

type Harm = (object: TenantObject, kind: RestorableKind, random: SeededRandom) => Mutation | null;

/** What may be done to one object; each is as likely as often as it stands here. */
const harms: readonly Harm[] = [
  remove,
  remove,
  change,
  change,
  changeChild,
  changeChild,
  unassign,
  reassign,
];

/** Harm to a share of the restorable objects; the same for the same seed. */
export function harmObjects(
  objects: readonly TenantObject[],
  seed: number,
  share: number,
): Mutation[] {
  return objects.flatMap((object) => {
    const kind = kindOf(object);
    const random = seededRandom(`${seed} damage ${object.path} ${object.id}`);
    if (kind === undefined || !random.chance(share * 100)) return [];
    const harm = harms[random.below(harms.length)] ?? change;
    const done = harm(object, kind, random) ?? change(object, kind, random);
    return done === null ? [] : [done];
  });
}

/**
 * Deletes, of each kind that others refer to, one that is referred to, and one that refers to it: both have to be made
 * again, and the second has to point to the new first.
 */
export function harmReferences(objects: readonly TenantObject[]): Mutation[] {
  const referred = [
    ...['assignmentFilters', 'notificationMessageTemplates', 'deviceComplianceScripts'],
    ...['reusablePolicySettings', 'namedLocations'],
  ];
  const texts = objects.map((object) => [object, JSON.stringify(object.body)] as const);
  return referred.flatMap((segment) => {
    for (const object of objects.filter(({ path }) => path.endsWith(`/${segment}`))) {
      const user = texts.find(
        ([other, text]) => other.id !== object.id && text.includes(`"${object.id}"`),
      )?.[0];
      if (user === undefined || kindOf(user) === undefined || isDefault(user)) continue;
      return [deletion(object, 'deleted under others'), deletion(user, 'deleted with its own')];
    }
    return [];
  });
}

/** Swaps the first two of each kind that stands in an order. */
export function harmOrders(objects: readonly TenantObject[]): Mutation[] {
  const ordered = objects.filter((object) => Number(object.body['priority']) > 0);
  const kinds = Map.groupBy(ordered, ({ body, path }) =>
    [path, body['@odata.type'], body['platformType']].join(' '),
  );
  return [...kinds.values()].flatMap(([first, second]) =>
    first === undefined || second === undefined
      ? []
      : [moved(first, second.body['priority']), moved(second, first.body['priority'])],
  );
}

function moved({ id, path }: TenantObject, priority: unknown): Mutation {
  return { path, id, set: { priority }, what: 'moved' };
}

function deletion({ id, path }: TenantObject, what: string): Mutation {
  return { path, id, delete: true, what };
}

function remove(object: TenantObject): Mutation | null {
  return isDefault(object) ? null : deletion(object, 'deleted');
}

function change(object: TenantObject, kind: RestorableKind, random: SeededRandom): Mutation | null {
  const set = changedProperty(object.body, [...kind.fixed, ...kind.children], random);
  if (set === null) return null;
  return { path: object.path, id: object.id, set, what: `changed ${Object.keys(set).join()}` };
}

/** Takes an entry of a child collection away, or changes one. */
function changeChild(
  { body, id, path }: TenantObject,
  kind: RestorableKind,
  random: SeededRandom,
): Mutation | null {
  const present = kind.children.filter((each) => isRecord(body[each]) || Array.isArray(body[each]));
  const name = present[random.below(present.length)];
  const entries = name === undefined ? undefined : body[name];
  if (name !== undefined && isRecord(entries)) {
    return { path, id, set: { [name]: null }, what: `took away the ${name}` };
  }
  if (name === undefined || !Array.isArray(entries) || entries.length === 0) return null;
  const at = random.below(entries.length);
  const changed = changedEntry(entries[at], random);
  // Intune insists on the one rule of compliance, and on a default message; neither can be taken away.
  const needsFirst = name === 'localizedNotificationMessages' && at === 0;
  const stays = name === 'scheduledActionsForRule' || needsFirst;
  if (changed !== undefined && (stays || random.chance(50))) {
    return { path, id, set: { [name]: entries.with(at, changed) }, what: `changed one of ${name}` };
  }
  if (stays && entries.length === 1) return null;
  const left = entries.toSpliced(stays ? entries.length - 1 : at, 1);
  return { path, id, set: { [name]: left }, what: `took away one of ${name}` };
}

function unassign(object: TenantObject, { assigned }: RestorableKind): Mutation | null {
  const { body, id, path } = object;
  const assignments = Array.isArray(body['assignments']) ? body['assignments'] : [];
  // What a policy set has brought along is the set's to take away.
  const inherited = assignments.filter((each) => isRecord(each) && each['source'] === 'policySets');
  if (assigned === null || assignments.length === inherited.length) return null;
  return { path, id, set: { assignments: inherited }, what: 'unassigned' };
}

/** Assigns everyone in place of the last one, or takes everyone away. */
function reassign(object: TenantObject, { assigned }: RestorableKind): Mutation | null {
  const { body, id, path } = object;
  const assignments = Array.isArray(body['assignments']) ? body['assignments'] : [];
  if (assigned !== 'asSet' || isDefault(object) || path.includes('/virtualEndpoint/')) return null;
  if (path.endsWith('/roleScopeTags')) return null;
  const everyone = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };
  const isEveryone = (each: unknown): boolean =>
    JSON.stringify(each).includes(everyone['@odata.type']);
  const others = assignments.filter((each) => !isEveryone(each));
  const now =
    others.length < assignments.length
      ? others
      : [...assignments.slice(0, -1), { target: everyone }];
  return { path, id, set: { assignments: now }, what: 'assigned to others' };
}
