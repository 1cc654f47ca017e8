import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Failpoint, failpoints } from '#activities/restore/apply/failpoint.ts';

/** The writes of an item at which its worker may be told to die; anything but `item` is looked at by its path. */
export type DeathKind = 'create' | 'assign' | 'step' | 'update' | 'delete';

/** What becomes of a worker at a point: it is killed, or stopped until somebody wakes it. */
export interface Blow {
  readonly point: Failpoint;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** How the workers of an item end: the first at the first point, the one that takes over at the second, and so on. */
export interface Death {
  readonly kind: DeathKind;
  readonly blows: readonly Blow[];
}

/** Points that every write of an item passes. */
export const pointsOfWrites: readonly Failpoint[] = [
  'budget_granted',
  'write_intended',
  'write_sent',
  'write_recorded',
];

/** `/deviceManagement/deviceConfigurations` and its like. */
const collectionParts = 3;

/**
 * The name of the object whose restore is to go so. Nothing else tells the workers, which share no memory. `label` makes it
 * a name of its own.
 */
export function nameOfDeath({ kind, blows }: Death, label: string): string {
  return [kind, ...blows.map(({ point, signal }) => `${signal}:${point}`), label].join(' ');
}

/** What a name says; undefined for the names of others. */
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

/** Where an attempt at an item is. */
export interface Moment {
  readonly point: Failpoint;
  /** Whether the item is one that is deleted. */
  readonly deletes: boolean;
  /** The path of its latest write. */
  readonly path: string | null;
}

/** What becomes of the worker at this moment, so many others having been struck before; undefined for nothing. */
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

/** Notes a blow, to be called right before it. */
export function noteBlow(folder: string, displayName: string, pid: number): void {
  const before = pidsStruck(folder, displayName).length;
  writeFileSync(join(folder, fileOf(displayName, before)), String(pid));
}

/** The workers that have been struck at an item so far, in that order. */
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
