import { table } from '#stack/demo/table.ts';

/** One result: a value and its baseline, both from the same run on the same machine. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The baseline and its name. */
  readonly baseline: { readonly value: number; readonly what: string } | null;
  /** The largest acceptable ratio to the baseline, or value if there is no baseline. */
  readonly goal: number | null;
}

/** A row with its conclusions; `met` is null without a goal. */
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

/** Formats the rows as the lines of a table. */
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

/** None of the measurements is more exact than three digits. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
