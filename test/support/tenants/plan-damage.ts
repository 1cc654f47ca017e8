import { seededRandom, type SeededRandom } from '#test/support/generated/seeded-random.ts';
import { isRecord } from './canonical.ts';
import { changedEntry, changedProperty } from './changed-value.ts';
import { isDefault, kindOf, type RestorableKind } from './restorable.ts';
import type { TenantObject } from './tenant-object.ts';

/** One change to a tenant, as the body of `POST /_sim/tenants/{t}/mutate`. */
export interface Mutation {
  readonly path: string;
  readonly id: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly delete?: true;
  /** Explains the change in a failure. */
  readonly what: string;
}

type Harm = (object: TenantObject, kind: RestorableKind, random: SeededRandom) => Mutation | null;

/** The changes to one object; repeated entries are more probable. */
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

/** Plans damage to a share of the restorable objects; the same for the same seed. */
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
 * Deletes, of each referenced kind, one referenced object and one object that refers to it: a restore must create
 * both, and the second must point to the new first.
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

/** Swaps the first two objects of each ordered kind. */
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

/** Deletes or changes an entry of a child collection. */
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
  // Intune keeps a compliance policy's only rule and a default message, so neither can be deleted.
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
  // Only the policy set can remove its own assignments.
  const inherited = assignments.filter((each) => isRecord(each) && each['source'] === 'policySets');
  if (assigned === null || assignments.length === inherited.length) return null;
  return { path, id, set: { assignments: inherited }, what: 'unassigned' };
}

/** Assigns all users in place of the last target, or removes all targets. */
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
