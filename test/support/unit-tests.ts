import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The statements that load another module; `import type` loads none. */
const loads =
  /^(?:import|export)\s(?!type\b)[^;'"`]*?\sfrom\s'([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

/** Set by global-setup.mts: a module that reads them needs Postgres or the Temporal CLI. */
const readsServers = /process\.env\['(?:TEST_[A-Z_]+|TEMPORAL_CLI)'\]/;

/** `#db/page.ts` or `./page.ts` as a path of the repository; null for packages. */
function pathOf(specifier: string, importer: string, root: string): string | null {
  if (specifier.startsWith('.')) return join(dirname(importer), specifier);
  if (!specifier.startsWith('#')) return null;
  const path = specifier.slice(1);
  return existsSync(join(root, 'src', path)) ? join('src', path) : path;
}

/** Whether each file, or a module that it loads, needs a server of global-setup.mts or of stack. */
function serverNeeds(root: string): (file: string) => boolean {
  const needs = new Map<string, boolean>();
  return function needsServer(file: string): boolean {
    const known = needs.get(file);
    if (known !== undefined) return known;
    needs.set(file, false);
    const path = join(root, file);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const modules = [...text.matchAll(loads)]
      .map(([, from, bare, dynamic]) => pathOf(from ?? bare ?? dynamic ?? '', file, root))
      .filter((module) => module !== null);
    const result =
      file.startsWith('stack/') || readsServers.test(text) || modules.some(needsServer);
    needs.set(file, result);
    return result;
  };
}

/** The test files that run without Postgres and Temporal, as paths from the root, found by the modules that they load. */
export function unitTests(root: string): string[] {
  const needsServer = serverNeeds(root);
  return globSync('test/**/*.test.ts', { cwd: root }).filter((file) => !needsServer(file));
}
