import { describe, expect, it } from '@jest/globals';
import { type JestResults, verdictOf } from './verdict.ts';

function resultsOf(counts: Partial<JestResults>, todos: readonly string[] = []): JestResults {
  const assertionResults = todos.map((title) => ({ status: 'todo', title }));
  return {
    numPassedTests: 1,
    numFailedTests: 0,
    numFailedTestSuites: 0,
    numPendingTests: 0,
    ...counts,
    testResults: [{ assertionResults }],
  };
}

describe('npm test', () => {
  it('fails for a skipped test in a whole run', () => {
    expect(verdictOf(resultsOf({ numPendingTests: 2 }), 0, ['test/db'])).toMatchObject({
      passed: 1,
      failed: 2,
    });
  });

  it.each([
    ['-t', 'a name'],
    ['-t=a name', 'test/db'],
    ['--testNamePattern', 'a name'],
    ['--testNamePattern=a name', 'test/db'],
  ])('passes when %s %s chose one test of many', (...args) => {
    expect(verdictOf(resultsOf({ numPendingTests: 20 }), 0, args)).toMatchObject({ failed: 0 });
  });

  it('fails when no test has the chosen name', () => {
    const results = resultsOf({ numPassedTests: 0, numPendingTests: 20 });
    expect(verdictOf(results, 0, ['-t', 'no such name'])).toMatchObject({ passed: 0, failed: 1 });
  });

  it('fails for failed tests, for a file that does not load, for no results and for a crash of jest', () => {
    expect(verdictOf(resultsOf({ numFailedTests: 3, numFailedTestSuites: 1 }), 1, []).failed).toBe(
      3,
    );
    expect(verdictOf(resultsOf({ numFailedTestSuites: 1 }), 1, []).failed).toBe(1);
    expect(verdictOf(null, 1, []).failed).toBe(1);
    expect(verdictOf(resultsOf({}), -1, []).failed).toBe(1);
    expect(verdictOf(resultsOf({}), 1, ['-t', 'a name']).failed).toBe(1);
  });

  it('accepts a todo only for a part that the machine lacks, and names it', () => {
    const lacking = 'NOT RUN: python3 is not installed';
    expect(verdictOf(resultsOf({}, [lacking]), 0, [])).toMatchObject({
      failed: 0,
      lines: [lacking],
    });
    expect(verdictOf(resultsOf({}, ['write this test']), 0, []).failed).toBe(1);
  });
});
