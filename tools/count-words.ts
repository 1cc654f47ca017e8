import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';

/**
 * `npm run words [-- path ...]` measures how plainly comments, test names and Markdown read, folder by folder, by the
 * two figures of CONTRIBUTING.md. `--models` measures the Temporal SDK's comments for comparison.
 */
const defaultPaths = ['src', 'simulator', 'stack', 'tools', 'bench', 'test', '*.md'];

/** Relative and indefinite pronouns: a sentence that leans on them hides its subject. */
const pronoun =
  /^((what|which|who)(ever)?|wher(e|ever)|whom|whose|that|whether|(some|any|no|every)(body|one|thing)|none)$/;
const slowOpening = /^(what(ever)?|who(ever|m|se)?|wher(e|ever)|takes|of)\b/i;
const sentenceEnd = /[.:;?!|]\s+|\n\s*\n|\n\s*[-*] /;

interface Reader {
  readonly kind: string;
  readonly files: RegExp;
  readonly texts: (source: string) => string[];
}

const readers: readonly Reader[] = [
  { kind: 'comments', files: /\.ts$/, texts: commentsOf },
  { kind: 'test names', files: /\.test\.ts$/, texts: testNamesOf },
  { kind: 'prose', files: /\.md$/, texts: (source) => [source.replaceAll(/^```[^]*?^```/gm, '')] },
];

/** Strings are matched too, so that a `//` inside one is no comment. Adjoining `//` lines are one text. */
function commentsOf(source: string): string[] {
  const strings = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/;
  const comments = /\/\*([^]*?)\*\/|(\/\/[^\n]*(?:\n\s*\/\/[^\n]*)*)/;
  const found = source.matchAll(new RegExp(`${strings.source}|${comments.source}`, 'g'));
  return [...found].flatMap(([, block, lines]) => {
    if (block !== undefined) return [block.replaceAll(/^\s*\*+ ?/gm, '')];
    return lines === undefined ? [] : [lines.replaceAll(/^\s*\/\/ ?/gm, '')];
  });
}

function testNamesOf(source: string): string[] {
  const names = source.matchAll(/^\s*(?:test|it|describe)(?:\.\w+)?\(\s*(['"`])(.*?)\1,/gm);
  return [...names].flatMap(([, , name]) => name ?? []);
}

/** Code, links' targets and tags are no words of the author's. */
const spokenPart = (text: string) =>
  text
    .replaceAll(/`[^`\n]*`|\{@link [^}]*\}/g, ' X ')
    .replaceAll(/\]\([^)]*\)/g, ' ')
    .replaceAll(/@(param|returns|throws|default)\b/g, '. ');

function printRow(name: string, texts: readonly string[]): void {
  const spoken = texts.map(spokenPart);
  const words = spoken.flatMap((text) => text.toLowerCase().match(/[a-z][a-z'-]*/g) ?? []);
  const clauses = spoken
    .flatMap((text) => text.split(sentenceEnd))
    .map((clause) => clause.replace(/^[\s*_|[#-]+/, ''))
    .filter((clause) => /[a-z]/i.test(clause));
  const shareOf = (part: number, whole: number) =>
    ((100 * part) / Math.max(whole, 1)).toFixed(1).padStart(5);
  const pronouns = words.filter((word) => pronoun.test(word)).length;
  const slow = clauses.filter((clause) => slowOpening.test(clause)).length;
  console.log(
    `${name.padEnd(44)} ${String(words.length).padStart(6)} words ${shareOf(pronouns, words.length)} pronouns per 100 ${shareOf(slow, clauses.length)} % slow openings`,
  );
}

function measure(path: string, files: readonly string[]): void {
  const depth = path.split('/').length + 1;
  for (const { kind, files: taken, texts } of readers) {
    const read = files.filter((file) => taken.test(file));
    const textsOf = new Map(read.map((file) => [file, texts(readFileSync(file, 'utf8'))]));
    const folders = Map.groupBy(read, (file) =>
      file.split('/').slice(0, -1).slice(0, depth).join('/'),
    );
    const rows = kind === 'prose' ? Map.groupBy(read, (file) => file) : folders;
    for (const [name, members] of rows) {
      printRow(
        `${name}, ${kind}`,
        members.flatMap((file) => textsOf.get(file) ?? []),
      );
    }
    if (rows.size > 1) printRow(`${path} (all), ${kind}`, [...textsOf.values()].flat());
  }
}

const asked = process.argv.slice(2);
if (asked.includes('--models')) {
  printRow(
    'Temporal SDK, comments',
    globSync('node_modules/@temporalio/*/src/**/*.ts').flatMap((file) =>
      commentsOf(readFileSync(file, 'utf8')),
    ),
  );
} else {
  for (const path of asked.length > 0 ? asked : defaultPaths) {
    const listed = execFileSync('git', [
      'ls-files',
      '--cached',
      '--others',
      '--exclude-standard',
      '--',
      path,
    ]);
    measure(path, listed.toString().split('\n').filter(Boolean));
  }
}
