import { describe, expect, it } from '@jest/globals';
import { guidPattern, principalId, principalPattern } from '#domain/identity/principal.ts';
import { includesRole, roles, strongestRole } from '#domain/identity/role.ts';
import { failure, failureMessages, isFailureCode } from '#domain/run/failure.ts';
import { operations, operationTypes, writingOperations } from '#domain/run/operation.ts';
import { runIdOfMemo } from '#domain/run/run-memo.ts';

const tenant = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02';

describe('roles', () => {
  // Catches: a comparison turned around, or a new role put in the wrong place.
  it('include the ones before them', () => {
    const included = roles.map((held) => roles.filter((needed) => includesRole(held, needed)));
    expect(included).toEqual([
      ['reader'],
      ['reader', 'operator'],
      ['reader', 'operator', 'manager'],
      ['reader', 'operator', 'manager', 'owner'],
    ]);
  });

  it('of several count by the strongest', () => {
    expect(strongestRole(['reader', 'manager', 'operator'])).toBe('manager');
    expect(strongestRole([])).toBeNull();
  });
});

describe('principals', () => {
  // Catches: a pattern without anchors, which takes a list or a line break for an id.
  it('are two GUIDs in lower case', () => {
    expect(principalId(tenant.toUpperCase(), tenant.toUpperCase())).toBe(`${tenant}:${tenant}`);
    expect(principalPattern.test(`${tenant}:${tenant}`)).toBe(true);
    expect(principalPattern.test(`${tenant}:${tenant}\n`)).toBe(false);
    expect(principalPattern.test(`${tenant}:${tenant},${tenant}:${tenant}`)).toBe(false);
    expect(guidPattern.test(`{${tenant}}`)).toBe(false);
  });
});

describe('failures', () => {
  // Catches: `in` for hasOwn, by which a failure type such as "constructor" would pass for one of ours.
  it('know their codes and nothing else', () => {
    expect(isFailureCode('policy_gone')).toBe(true);
    for (const word of ['constructor', '__proto__', 'toString', '', null, undefined]) {
      expect(isFailureCode(word)).toBe(false);
    }
  });

  it('carry the sentence of their code', () => {
    expect(failure('canceled')).toEqual({
      code: 'canceled',
      message: failureMessages.canceled,
      context: {},
    });
  });

  it('are words in snake_case with a sentence each', () => {
    for (const [code, sentence] of Object.entries(failureMessages)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('operations', () => {
  // Catches: an operation that the workflow type of another kind would carry out, above all one that writes by a type that
  // must not, or a comparison by one that writes.
  it('have a title of their own, and share a workflow type with those of their kind alone', () => {
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

  it('are found by the memo of their execution, if it is one of a run', () => {
    expect(runIdOfMemo({ runId: 'a' })).toBe('a');
    expect(runIdOfMemo({ runId: 1 })).toBeUndefined();
    expect(runIdOfMemo(undefined)).toBeUndefined();
  });
});
