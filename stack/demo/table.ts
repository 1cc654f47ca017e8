/** The longest cell shown whole; the names of policies can be very long. */
const widthMax = 60;

/** Formats rows in columns, with a line below the header. The last column is shown whole. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const shown = [header, ...rows].map((row) =>
    row.map((cell, column) => (column < row.length - 1 ? shorten(cell) : cell)),
  );
  const widths = header.map((_, column) =>
    shown.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  const lines = shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0] ?? '', widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)];
}

function shorten(cell: string): string {
  return cell.length > widthMax ? `${cell.slice(0, widthMax - 1)}…` : cell;
}
