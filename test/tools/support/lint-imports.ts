import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** An import for the linter: a specifier such as `#db/page.ts`, or a whole statement. */
export interface Probe {
  readonly file: string;
  readonly line: string;
}

interface Finding {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

async function oxlint(folder: string): Promise<Finding[]> {
  const args = [join(process.cwd(), 'node_modules/oxlint/bin/oxlint'), '-f', 'json', '.'];
  const options = { cwd: folder, maxBuffer: 256 * 2 ** 20 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
    // The linter exits with 1 when it refuses an import.
    (error: { stdout: string }) => error,
  );
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
  const other = diagnostics.find(({ code }) => !/restricted-imports|dynamic-require/.test(code));
  if (other !== undefined) throw new Error(`the linter could not read ${JSON.stringify(other)}`);
  return diagnostics;
}

/** Writes the probes to a temporary folder, lints them with these overrides only, and returns the refused probes. */
export async function refusedProbes<P extends Probe>(
  overrides: readonly object[],
  probes: readonly P[],
): Promise<P[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-fences-'));
  try {
    const byFile = Map.groupBy(probes, ({ file }) => file);
    const config = { plugins: ['import'], categories: { correctness: 'off' }, overrides };
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify(config));
    for (const [file, lines] of byFile) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      const statements = lines.map(({ line }) => (/['"`]/.test(line) ? line : `import '${line}';`));
      await writeFile(join(folder, file), statements.join('\n'));
    }
    const findings = await oxlint(folder);
    const refused = findings.map(
      ({ filename, labels }) => byFile.get(filename)?.[(labels[0]?.span.line ?? 0) - 1],
    );
    return [...new Set(refused.filter((probe) => probe !== undefined))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
