import { layers, loneFiles, node, type Layer } from './fences.ts';

export const fencesPath = '.oxlintrc.fences.json';

/** An override of the linter. A later one replaces the options of an earlier one, so each is complete. */
interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

interface Allowance {
  readonly imports: readonly string[];
  readonly never?: readonly string[];
  readonly also?: readonly string[];
  readonly message: string;
}

/** The linter reads its patterns like .gitignore: `#` would begin a comment, `*` ends at a slash, the last match wins. */
function patternOf(specifier: string): string {
  const path = specifier.replace(/^type /, '').replace(/^#/, '\\#');
  return /^\\#[^*.]*$/.test(path) ? `${path}/*.ts` : path;
}

function fence(files: string, { imports, never = [], also = [], message }: Allowance): Override {
  const typesOnly = [...imports, ...also].filter((each) => each.startsWith('type '));
  const allow = (specifier: string) => `!${patternOf(specifier)}`;
  const upwards = imports.some((each) => /^#.*\/\*\*$/.test(each)) ? ['**/../**'] : [];
  const refused = never.filter((each) => !also.includes(each)).map(patternOf);
  const group = ['**', ...imports.map(allow), ...refused, ...also.map(allow), ...upwards];
  const patterns = [
    // These stand first: once a group allows an import, the linter reads no further.
    ...typesOnly.map((each) => ({
      regex: `^${each.slice('type '.length).replaceAll('.', '\\.')}$`,
      allowTypeImports: true,
      message: `${message} Write \`import type\`.`,
    })),
    { group, message },
  ];
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

function layerFences(
  name: string,
  { why, imports, folders, never = [], also = {} }: Layer,
): Override[] {
  return Object.entries(folders).map(([folder, arrows]) => {
    const place = folder === '.' ? `src/${name}` : `src/${name}/${folder}`;
    const neighbours = arrows.split(' ').filter((arrow) => arrow !== '');
    return fence(folder.endsWith('.ts') ? place : `${place}/*`, {
      imports: [
        './*.ts',
        ...imports,
        ...neighbours.map((room) => (room === '.' ? `#${name}` : `#${name}/${room}`)),
      ],
      never,
      also: also[folder] ?? [],
      message: `${why} tools/fences.ts lists the imports of ${place}; \`npm run fences\` applies a change.`,
    });
  });
}

/** All fences, as overrides of the linter. */
export function fenceOverrides(): Override[] {
  const outside = ['src', 'stack', 'test', 'tools', 'bench', 'console'];
  return [
    fence('simulator/**', {
      imports: ['./**', '../**', ...node],
      never: outside.map((folder) => `**/${folder}/**`),
      message:
        'The simulator stands for a service of Microsoft: it imports neither this product nor a package.',
    }),
    fence('src/**', {
      imports: [],
      message: 'tools/fences.ts has no line for this folder. Add it, then run `npm run fences`.',
    }),
    ...Object.entries(loneFiles).map(([file, imports]) =>
      fence(`src/${file}`, {
        imports: ['./*.ts', ...imports],
        message: `tools/fences.ts lists the imports of src/${file}.`,
      }),
    ),
    fence('src/db/migrations/*', {
      // The texts of database functions, in versions that never change.
      imports: ['./*.ts', 'kysely', '#db/budget/take-from-budget.sql.ts'],
      message:
        'A migration imports no code that may change, because every database must get the same schema.',
    }),
    fence('src/db/migrations/009-audit-event-hash.ts', {
      imports: ['node:crypto'],
      message: 'A frozen copy of the hash that migration 009 computes.',
    }),
    fence('src/db/migrations/migrate.ts', {
      imports: ['./*.ts', 'kysely', 'type #db/tables.ts'],
      message: 'tools/fences.ts lists the imports of src/db/migrations/migrate.ts.',
    }),
    ...Object.entries(layers).flatMap(([name, layer]) => layerFences(name, layer)),
    { files: ['src/**'], rules: { 'import/no-dynamic-require': ['error', { esmodule: true }] } },
  ];
}

/** The text of .oxlintrc.fences.json: one override a line. */
export function fencesFile(overrides: readonly Override[] = fenceOverrides()): string {
  return `{ "overrides": [\n${overrides.map((each) => JSON.stringify(each)).join(',\n')}\n] }\n`;
}
