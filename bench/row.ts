import { table } from '#stack/demo/table.ts';

/** One result: a value beside what it is measured against, both taken in the same run on the same machine. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What the value is compared with, and what that is. */
  readonly baseline: { readonly value: number; readonly what: string } | null;
  /** The largest that may be: of the ratio to the baseline, or of the value where there is no baseline. */
  readonly goal: number | null;
}

/** A row with what follows from it; `met` is null where there is no goal. */
export interface JudgedRow extends BenchRow {
  readonly ratio: number | null;
  readonly met: boolean | null;
}

/** Compares a row with its baseline and its goal. */
export function judge(row: BenchRow): JudgedRow {
  const ratio = row.baseline === null ? null : row.value / row.baseline.value;
  const compared = ratio ?? row.value;
  return { ...row, ratio, met: row.goal === null ? null : compared <= row.goal };
}

/** The rows as the lines of a table. */
export function rowLines(rows: readonly JudgedRow[]): string[] {
  return table(
    ['measurement', 'value', 'ratio', 'goal', 'met', 'against'],
    rows.map(({ name, unit, value, baseline, ratio, goal, met }) => [
      name,
      `${rounded(value)} ${unit}`,
      ratio === null ? '' : rounded(ratio),
      goal === null ? '' : `<= ${rounded(goal)}`,
      met === null ? '' : met ? 'yes' : 'NO',
      baseline === null ? '' : `${rounded(baseline.value)} ${unit}: ${baseline.what}`,
    ]),
  );
}

/** Three digits are more than any of this is exact to. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
