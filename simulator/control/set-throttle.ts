import { stringOf, valueOf } from '../json/object.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';
import { bodyObject } from './read-body.ts';
import type { Limits } from './throttle.ts';
import { documentedLimits } from './throttle.ts';

/**
 * Sets the limits of one tenant or of all; missing ones get the documented values.
 * @throws ControlProblem (400).
 */
export function setThrottle({ throttle }: Control, text: string): Limits {
  const body = bodyObject(text);
  const number = (key: keyof Limits): number => {
    const value = valueOf(body, key);
    if (value === undefined || value === null) return documentedLimits[key];
    if (typeof value === 'number' && value >= 0) return value;
    throw new ControlProblem(400, `${key} must be a number that is not negative`);
  };
  const limits: Limits = {
    windowSeconds: number('windowSeconds'),
    requests: number('requests'),
    writes: number('writes'),
    latencyMs: number('latencyMs'),
    conditionalAccess: number('conditionalAccess'),
  };
  throttle.set(stringOf(body, 'tenant') ?? null, limits);
  return limits;
}
