import { stringOf, valueOf } from '../json/object.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';
import { bodyObject } from './read-body.ts';

/**
 * Truncates expanded collections after `max` entries and adds a nextLink, in one tenant or in all; `max` null lifts
 * the limit.
 * @throws ControlProblem (400).
 */
export function setExpansions({ conditions }: Control, text: string): { max: number | null } {
  const body = bodyObject(text);
  const max = valueOf(body, 'max') ?? null;
  if (max !== null && !isCount(max)) throw notACount('max');
  conditions.setExpansionMax(stringOf(body, 'tenant') ?? null, max);
  return { max };
}

/**
 * Sets the replication lag, in one tenant or in all: for so many seconds new objects answer 404 and are in no list,
 * and filters are locked after their last use.
 * @throws ControlProblem (400).
 */
export function setReplication({ conditions }: Control, text: string): { seconds: number } {
  const body = bodyObject(text);
  const seconds = valueOf(body, 'seconds');
  if (!isCount(seconds)) throw notACount('seconds');
  conditions.setLag(stringOf(body, 'tenant') ?? null, seconds * 1000);
  return { seconds };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function notACount(name: string): ControlProblem {
  return new ControlProblem(400, `${name} must be a number that is not negative`);
}
