import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Failpoint, failpoints } from '#activities/restore/apply/failpoint.ts';

/** The writes at which a worker may die; every one except `item` is recognized by its path. */
export type DeathKind = 'create' | 'assign' | 'step' | 'update' | 'delete';

/** The blow at a point: the worker is killed, or stopped until the test wakes it. */
export interface Blow {
  readonly point: Failpoint;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/**
 * The points at which the workers of an item end: the first worker at the first point, its successor at the second,
 * and so on.
 */
export interface Death {
  readonly kind: DeathKind;
  readonly blows: readonly Blow[];
}

/** The points of every write. */
export const pointsOfWrites: readonly Failpoint[] = [
  'budget_granted',
  'write_intended',
  'write_sent',
  'write_recorded',
];

/** The parts of `/deviceManagement/deviceConfigurations` between its slashes, the empty first part included. */
const collectionParts = 3;

/**
 * Writes the blows into the name of an object, because the workers share no memory with the test. `label` makes the
 * name unique.
 */
export function nameOfDeath({ kind, blows }: Death, label: string): string {
  return [kind, ...blows.map(({ point, signal }) => `${signal}:${point}`), label].join(' ');
}

/** Reads the blows from a name; undefined for a name without them. */
export function deathOf(displayName: string): Death | undefined {
  const [kind, ...rest] = displayName.split(' ');
  const blows = rest.flatMap((word): Blow[] => {
    const [signal, name] = word.split(':');
    const point = failpoints.find((each) => each === name);
    const known = signal === 'SIGKILL' || signal === 'SIGSTOP';
    return point === undefined || !known ? [] : [{ point, signal }];
  });
  return blows.length === 0 ? undefined : { kind: kind as DeathKind, blows };
}

/** The place of an attempt at an item. */
export interface Moment {
  readonly point: Failpoint;
  /** Whether the item is a deletion. */
  readonly deletes: boolean;
  /** The path of the item's latest write. */
  readonly path: string | null;
}

/** The blow for the worker now, given the number of earlier blows; undefined if none is due. */
export function blowAt(
  { kind, blows }: Death,
  before: number,
  { deletes, path, point }: Moment,
): Blow | undefined {
  const blow = blows[before];
  if (blow?.point !== point || deletes !== (kind === 'delete')) return undefined;
  const ofWrite = pointsOfWrites.includes(point);
  return !ofWrite || kindsOfPath(path ?? '').includes(kind) ? blow : undefined;
}

function kindsOfPath(path: string): readonly DeathKind[] {
  if (path.endsWith('/assign')) return ['assign'];
  if (path.endsWith('/scheduleActionsForRules')) return ['step'];
  return path.split('/').length === collectionParts ? ['create'] : ['update', 'delete'];
}

/** Records a blow; call it just before the blow. */
export function noteBlow(folder: string, displayName: string, pid: number): void {
  const before = pidsStruck(folder, displayName).length;
  writeFileSync(join(folder, fileOf(displayName, before)), String(pid));
}

/** The workers killed or stopped at an item so far, in order. */
export function pidsStruck(folder: string, displayName: string): number[] {
  const begin = fileOf(displayName, '');
  return readdirSync(folder)
    .filter((name) => name.startsWith(begin))
    .toSorted()
    .map((name) => Number(readFileSync(join(folder, name), 'utf8')));
}

function fileOf(displayName: string, count: number | string): string {
  return `${displayName.replaceAll(' ', '-')}.${count}`;
}
