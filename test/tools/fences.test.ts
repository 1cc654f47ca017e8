import { readFileSync } from 'node:fs';
import { dirname, matchesGlob } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fenceOverrides, fencesFile, fencesPath } from '#tools/fence-overrides.ts';
import { layers } from '#tools/fences.ts';
import { refused, sources } from './support/forbidden-imports.ts';
import { refusedProbes, type Probe } from './support/lint-imports.ts';

/** The import and export statements of a file. */
function importsOf(file: string): Probe[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.match(
    /^(?:import|export)\s(?:[^;'"`]*?\sfrom\s)?'[^']+'|\bimport\('[^']+'\)/gm,
  );
  return (statements ?? []).map((line) => ({ file, line: `${line.replaceAll(/\s+/g, ' ')};` }));
}

interface Mutant {
  readonly name: string;
  /** A folder for its probes and its override, so one run of the linter covers all mutants. */
  readonly folder: string;
  readonly files: string;
  readonly override: object;
}

type Patterns = readonly { readonly group?: readonly string[]; readonly regex?: string }[];

let mutantCount = 0;

/** Copies of an override, each without one of the patterns that refuse imports. */
function withoutOnePattern({
  files: [files = ''],
  rules,
}: ReturnType<typeof fenceOverrides>[number]): Mutant[] {
  const rule = rules['no-restricted-imports'] as
    readonly [string, { patterns: Patterns }] | undefined;
  if (rule === undefined) return [];
  const { patterns } = rule[1];
  const mutant = (removed: string, left: Patterns): Mutant => {
    const folder = `m${(mutantCount += 1)}`;
    const options = ['error', { patterns: left }];
    const override = { files: [`${folder}/${files}`], rules: { 'no-restricted-imports': options } };
    return { name: `${files} without ${removed}`, folder, files, override };
  };
  return patterns.flatMap((pattern, at) => {
    if (pattern.group === undefined) {
      return [mutant(pattern.regex ?? '', patterns.toSpliced(at, 1))];
    }
    const { group } = pattern;
    return group
      .filter((each) => !each.startsWith('!'))
      .map((each) =>
        mutant(
          each,
          patterns.with(at, { ...pattern, group: group.filter((other) => other !== each) }),
        ),
      );
  });
}

const specifierOf = ({ line }: Probe) => /'([^']+)'/.exec(line)?.[1] ?? '';
const written = (probes: readonly Probe[]) =>
  probes.map(({ file, line }) => `${file}: ${line}`).toSorted();

describe('the fences between folders', () => {
  it('stand in .oxlintrc.fences.json as tools/fences.ts has them (npm run fences)', () => {
    expect(readFileSync(fencesPath, 'utf8')).toBe(fencesFile());
    const { extends: files } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as {
      extends: string[];
    };
    expect(files).toContain(`./${fencesPath}`);
  });

  it('refuse every forbidden import', async () => {
    const found = await refusedProbes(fenceOverrides(), refused);
    expect(written(refused.filter((probe) => !found.includes(probe)))).toEqual([]);
  });

  it('refuse every way to write an import', async () => {
    const ways = [
      "import { a } from 'X';",
      "import a from 'X';",
      "import * as a from 'X';",
      "import 'X';",
    ];
    const others = [
      "import type { a } from 'X';",
      "import { type a } from 'X';",
      "export { a } from 'X';",
    ];
    const more = ["export * from 'X';", "export type { a } from 'X';", "await import('X');"];
    const probes = [...ways, ...others, ...more].map((way, index) => ({
      file: `src/domain/run/way-${index}.ts`,
      line: way.replace('X', '#db/run/runs.ts'),
    }));
    expect(written(await refusedProbes(fenceOverrides(), probes))).toEqual(written(probes));
  });

  it('each refuse less when one of their patterns is taken away', async () => {
    const mutants = fenceOverrides().flatMap(withoutOnePattern);
    const probes = mutants.flatMap(({ folder, files }) =>
      refused
        .filter(({ file }) => matchesGlob(file, files))
        .map(({ file, line }) => ({ file: `${folder}/${file}`, line })),
    );
    const found = new Set(
      await refusedProbes(
        mutants.map(({ override }) => override),
        probes,
      ),
    );
    const missed = new Set(
      probes.filter((probe) => !found.has(probe)).map(({ file }) => file.split('/', 1)[0]),
    );
    expect(mutants.filter(({ folder }) => !missed.has(folder)).map(({ name }) => name)).toEqual([]);
  });

  it('are not evaded by a template in import(), which the linter cannot read, or by a switched-off rule', () => {
    const evasion = /\bimport\(\s*`|(?:ox|es)lint-disable/;
    expect(sources.filter((file) => evasion.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('allow no arrow between folders that no import uses', () => {
    const arrows = new Set(
      sources.flatMap((file) =>
        importsOf(file).map((probe) => `${dirname(file)} ${dirname(specifierOf(probe))}`),
      ),
    );
    const unused = Object.entries(layers).flatMap(([layer, { folders }]) =>
      Object.entries(folders).flatMap(([folder, to]) =>
        to
          .split(' ')
          .filter((each) => each !== '')
          .map((each) => {
            const place = folder === '.' || folder.endsWith('.ts') ? '' : `/${folder}`;
            return `src/${layer}${place} #${layer}${each === '.' ? '' : `/${each}`}`;
          })
          .filter((arrow) => !arrows.has(arrow)),
      ),
    );
    expect(unused).toEqual([]);
  });

  it('leave no circle between the folders of a layer', () => {
    for (const { folders } of Object.values(layers)) {
      const left = new Map(Object.entries(folders).map(([folder, to]) => [folder, to.split(' ')]));
      const free = () => [...left].find(([, to]) => !to.some((each) => left.has(each)))?.[0];
      for (let next = free(); next !== undefined; next = free()) left.delete(next);
      expect([...left.keys()]).toEqual([]);
    }
  });
});
