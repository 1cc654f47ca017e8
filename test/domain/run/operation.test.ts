import { describe, expect, it } from '@jest/globals';
import { guidPattern, principalId, principalPattern } from '#domain/identity/principal.ts';
import { includesRole, roles, strongestRole } from '#domain/identity/role.ts';
import { failure, failureMessages, isFailureCode } from '#domain/run/failure.ts';
import { operations, operationTypes, writingOperations } from '#domain/run/operation.ts';
import { runIdOfMemo } from '#domain/run/run-memo.ts';

const tenant = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02';

describe('roles', () => {
  // Catches: a reversed comparison, or a new role in the wrong place.
  it('each role includes the weaker ones', () => {
    const included = roles.map((held) => roles.filter((needed) => includesRole(held, needed)));
    expect(included).toEqual([
      ['reader'],
      ['reader', 'operator'],
      ['reader', 'operator', 'manager'],
      ['reader', 'operator', 'manager', 'owner'],
    ]);
  });

  it('strongestRole picks the strongest of several roles', () => {
    expect(strongestRole(['reader', 'manager', 'operator'])).toBe('manager');
    expect(strongestRole([])).toBeNull();
  });
});

describe('principals', () => {
  // Catches: a pattern without anchors, which accepts a list or a line break.
  it('principal ids are two GUIDs in lower case', () => {
    expect(principalId(tenant.toUpperCase(), tenant.toUpperCase())).toBe(`${tenant}:${tenant}`);
    expect(principalPattern.test(`${tenant}:${tenant}`)).toBe(true);
    expect(principalPattern.test(`${tenant}:${tenant}\n`)).toBe(false);
    expect(principalPattern.test(`${tenant}:${tenant},${tenant}:${tenant}`)).toBe(false);
    expect(guidPattern.test(`{${tenant}}`)).toBe(false);
  });
});

describe('failures', () => {
  // Catches: `in` instead of hasOwn, so that "constructor" would be a failure code.
  it('isFailureCode accepts exactly the failure codes', () => {
    expect(isFailureCode('policy_gone')).toBe(true);
    for (const word of ['constructor', '__proto__', 'toString', '', null, undefined]) {
      expect(isFailureCode(word)).toBe(false);
    }
  });

  it('failure has the sentence of its code', () => {
    expect(failure('canceled')).toEqual({
      code: 'canceled',
      message: failureMessages.canceled,
      context: {},
    });
  });

  it('failure codes are snake_case words with a sentence each', () => {
    for (const [code, sentence] of Object.entries(failureMessages)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('operations', () => {
  // Catches: an operation with the workflow type of another kind, above all a writing operation with a reading type or the
  // other way round.
  it('operations have unique titles, and share a workflow type only within their kind', () => {
    const shared: readonly string[][] = [
      operationTypes.filter((operation) => operations[operation].listsForBackup),
      writingOperations,
      ['restore.preview', 'drift.check'],
    ];
    const alone = operationTypes.filter((operation) => !shared.flat().includes(operation));
    const kinds = [...shared, ...alone.map((operation) => [operation])];
    const byType = Map.groupBy(operationTypes, (operation) => operations[operation].workflowType);
    const sorted = (groups: Iterable<readonly string[]>) =>
      [...groups].map((each) => each.toSorted().join(' ')).toSorted();
    expect(sorted(byType.values())).toEqual(sorted(kinds));
    const titles = operationTypes.map((operation) => operations[operation].title);
    expect(new Set(titles).size).toBe(operationTypes.length);
  });

  it('runIdOfMemo finds the run of an execution, if it has one', () => {
    expect(runIdOfMemo({ runId: 'a' })).toBe('a');
    expect(runIdOfMemo({ runId: 1 })).toBeUndefined();
    expect(runIdOfMemo(undefined)).toBeUndefined();
  });
});
