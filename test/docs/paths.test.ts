import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

/*
 * Documents rot when files move. Each test fails when a document or a comment names a file, a heading or a script that
 * this checkout does not have, and shows the document with the name.
 */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'])
  .toString()
  .split('\n')
  .filter((file) => existsSync(file));
const baseNames = new Set(files.map((file) => basename(file)));
const topFolders = new Set(files.flatMap((file) => file.match(/^[^/]+(?=\/)/)?.[0] ?? []));
const documents = files.filter((file) => file.endsWith('.md'));

const textOf = (file: string) => readFileSync(file, 'utf8');
const matchesOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([whole, part]) => part ?? whole);

/** The paths in the inline code of a document: below a folder of this repository, or the bare name of a source file. */
function pathsOf(document: string): string[] {
  const prose = textOf(document).replaceAll(/^```[^]*?^```/gm, '');
  return matchesOf(prose, /`([^`\s]+)`/g).filter(
    (code) => topFolders.has(code.split('/')[0] ?? '') || /^[\w.-]+\.m?ts$/.test(code),
  );
}

/** Whether a path leads to a file or a folder; `<name>` stands for any name, `*` for any part. */
function exists(path: string): boolean {
  const pattern = path.replaceAll(/<[^>]+>/g, '*');
  if (!pattern.includes('/')) return baseNames.has(pattern) || topFolders.has(pattern);
  return /[*{]/.test(pattern) ? globSync(pattern).length > 0 : existsSync(pattern);
}

/** The anchors that GitHub makes of a document's headings. */
const anchorsOf = (document: string) =>
  matchesOf(textOf(document), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

function leadsSomewhere(document: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : join(dirname(document), path);
  return existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
}

const namedIn = (document: string, names: readonly string[]) =>
  names.map((name) => `${document}: ${name}`);

test('every path that a document names exists', () => {
  expect(documents.flatMap(pathsOf).length).toBeGreaterThan(30);
  const missing = documents.flatMap((document) =>
    namedIn(
      document,
      pathsOf(document).filter((path) => !exists(path)),
    ),
  );
  expect(missing).toEqual([]);
});

test('every relative link of a document leads to a file and a heading', () => {
  const broken = documents.flatMap((document) =>
    namedIn(
      document,
      matchesOf(textOf(document), /\]\(([^)\s]+)\)/g).filter(
        (link) => !leadsSomewhere(document, link),
      ),
    ),
  );
  expect(broken).toEqual([]);
});

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: object };
  const missing = documents.flatMap((document) =>
    namedIn(
      document,
      matchesOf(textOf(document), /npm run (?:--silent )?([a-z][\w:-]*)/g).filter(
        (script) => !(script in scripts),
      ),
    ),
  );
  expect(missing).toEqual([]);
});

test('every path that source, settings or a comment names exists', () => {
  const named = /(?<![\w./#@-])(?:src|docs|test|tools|stack|bench|simulator)\/[\w./-]+\.\w+/g;
  const inLayers =
    /(?<![\w./#@-])(?:activities|workflows|domain|graph|db|api|temporal)\/[\w./-]+\.ts/g;
  // Tests name files that they make up.
  const sources = files.filter(
    (file) => /\.(m?ts|js|json|yml|example)$|file$/.test(file) && !file.startsWith('test/'),
  );
  const missing = sources.flatMap((source) => {
    const text = textOf(source);
    const layered = matchesOf(text, inLayers).map((path) => `src/${path}`);
    return namedIn(
      source,
      [...matchesOf(text, named), ...layered].filter((path) => !existsSync(path)),
    );
  });
  expect(missing).toEqual([]);
});
