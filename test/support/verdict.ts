export interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** Explain the numbers. */
  readonly lines: readonly string[];
}

/** A todo with this mark names a part that the machine lacks for a test. No other todo is accepted. */
const notRunMark = 'NOT RUN: ';

/** Whether the arguments of jest choose tests by name; jest then reports every other test as skipped. */
export function choosesByName(args: readonly string[]): boolean {
  return args.some((arg) => /^(-t|--testNamePattern)(=|$)/.test(arg));
}

/** Counts a run of jest; `results` is null if jest wrote none. A skipped test fails, unless tests were chosen by name. */
export function verdictOf(
  results: JestResults | null,
  exitCode: number,
  args: readonly string[],
): Verdict {
  const lines: string[] = [];
  const tests = results?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  const todos = tests.filter(({ status }) => status === 'todo').map(({ title }) => title);
  const skipped = choosesByName(args) ? 0 : (results?.numPendingTests ?? 0);
  if (skipped > 0) lines.push(`${skipped} tests were skipped: that counts as failed`);
  lines.push(...todos);
  // A suite that could not be loaded has no failed test, and is a failure all the same.
  const broken = Math.max(results?.numFailedTests ?? 1, results?.numFailedTestSuites ?? 1);
  const failed = broken + skipped + todos.filter((todo) => !todo.startsWith(notRunMark)).length;
  const passed = results?.numPassedTests ?? 0;
  if (failed === 0 && passed === 0) lines.push('no test ran: that counts as failed');
  return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed, lines };
}
