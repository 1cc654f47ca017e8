import type { JsonObject } from '../json/object.ts';
import { isObjectText, parseObject, stringOf, textOf, valueOf } from '../json/object.ts';
import { ControlProblem } from './control.ts';
import type { FaultEffect, FaultRule } from './faults.ts';
import { bodyObjects } from './read-body.ts';

/**
 * Reads fault rules from a body.
 * @throws ControlProblem (400) for a malformed rule.
 */
export function readFaultRules(text: string): FaultRule[] {
  return bodyObjects(text).map(readRule);
}

function readRule(rule: JsonObject): FaultRule {
  const match = part(rule, 'match');
  const path = stringOf(match, 'path');
  const tenant = stringOf(match, 'tenant');
  const method = stringOf(match, 'method');
  if (path !== undefined) checkPattern(path);
  const times = numberOf(rule, 'times');
  const probability = numberOf(rule, 'probability');
  return {
    match: {
      ...(tenant === undefined ? {} : { tenant }),
      ...(method === undefined ? {} : { method }),
      ...(path === undefined ? {} : { path }),
    },
    ...(times === undefined ? {} : { times }),
    ...(probability === undefined ? {} : { probability }),
    effect: readEffect(part(rule, 'effect')),
  };
}

function readEffect(effect: JsonObject): FaultEffect {
  const status = numberOf(effect, 'status');
  const delayMs = numberOf(effect, 'delayMs');
  const retryAfter = valueOf(effect, 'retryAfter');
  const nestedRetryAfter = valueOf(effect, 'nestedRetryAfter');
  const drop = valueOf(effect, 'drop');
  if (drop !== undefined && drop !== null && !isDrop(drop)) {
    throw new ControlProblem(400, 'drop must be before, after or late');
  }
  return {
    ...(status === undefined ? {} : { status }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(isWait(retryAfter) ? { retryAfter } : {}),
    ...(isWait(nestedRetryAfter) ? { nestedRetryAfter } : {}),
    ...(isDrop(drop) ? { drop } : {}),
  };
}

function isWait(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}

function isDrop(value: unknown): value is 'before' | 'after' | 'late' {
  return value === 'before' || value === 'after' || value === 'late';
}

function part(rule: JsonObject, key: string): JsonObject {
  const text = textOf(rule, key) ?? '{}';
  if (!isObjectText(text)) throw new ControlProblem(400, `${key} must be an object`);
  return parseObject(text);
}

function numberOf(object: JsonObject, key: string): number | undefined {
  const value = valueOf(object, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  throw new ControlProblem(400, `${key} must be a number`);
}

function checkPattern(path: string): void {
  try {
    RegExp(path);
  } catch {
    throw new ControlProblem(400, `path is not a regular expression: ${path}`);
  }
}
