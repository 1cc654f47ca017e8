import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * `npm run words [-- folder ...]`: measures how plainly the comments of each folder read. The words and the share of
 * openings come from CONTRIBUTING's style; `--models` measures the Temporal SDK's own comments for comparison.
 */

/** Relative and indefinite pronouns: a sentence that leans on them hides its subject. */
const pronouns = new Set(
  (
    'what whatever which whichever who whoever whom whose that where wherever whether ' +
    'somebody someone something anybody anyone anything nobody nothing everybody everyone everything none'
  ).split(' '),
);
const slowOpenings = /^(what|whatever|takes|of|where|wherever|who|whoever|whose|whom)\b/i;

interface Measure {
  words: number;
  pronouns: number;
  clauses: number;
  slowOpenings: number;
}

/** The comments of a TypeScript text, one paragraph each, without code spans, tags and links. */
function commentsOf(text: string): string[] {
  const found: string[] = [];
  let line: { end: number; parts: string[] } | null = null;
  const comment =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*([\s\S]*?)\*\/|\/\/([^\n]*)/g;
  for (const { 0: whole, 1: block, 2: rest, index } of text.matchAll(comment)) {
    if (block !== undefined) found.push(block.replaceAll(/^\s*\*+ ?/gm, ''));
    if (rest === undefined) continue;
    if (line !== null && /^\s*$/.test(text.slice(line.end, index))) line.parts.push(rest);
    else {
      if (line !== null) found.push(line.parts.join('\n'));
      line = { end: 0, parts: [rest] };
    }
    line.end = index + whole.length;
  }
  if (line !== null) found.push(line.parts.join('\n'));
  return found.map((each) =>
    each
      .replaceAll(/`[^`]*`/g, ' X ')
      .replaceAll(/\{@link [^}]*\}/g, ' X ')
      .replaceAll(/@(param|returns|throws|default)\b/g, '. '),
  );
}

function measure(texts: readonly string[]): Measure {
  const total = { words: 0, pronouns: 0, clauses: 0, slowOpenings: 0 };
  for (const comment of texts.flatMap(commentsOf)) {
    const words = comment.toLowerCase().match(/[a-z][a-z'-]*/g) ?? [];
    total.words += words.length;
    total.pronouns += words.filter((word) => pronouns.has(word)).length;
    const clauses = comment.split(/[.:;?!]\s+|\n\s*\n/).map((clause) => clause.trim());
    const spoken = clauses.filter((clause) => /[a-z]/i.test(clause));
    total.clauses += spoken.length;
    total.slowOpenings += spoken.filter((clause) => slowOpenings.test(clause)).length;
  }
  return total;
}

function print(name: string, { words, pronouns, clauses, slowOpenings }: Measure): void {
  const pronounShare = ((100 * pronouns) / Math.max(words, 1)).toFixed(1);
  const openingShare = ((100 * slowOpenings) / Math.max(clauses, 1)).toFixed(1);
  console.log(
    `${name.padEnd(34)} ${String(words).padStart(7)} words  ${pronounShare.padStart(5)} pronouns per 100  ${openingShare.padStart(5)} % slow openings`,
  );
}

function filesUnder(folder: string): string[] {
  const listed = execFileSync('git', ['ls-files', '--', `${folder}/*.ts`, `${folder}/*.tsx`]);
  return listed.toString().split('\n').filter(Boolean);
}

const asked = process.argv.slice(2);
if (asked.includes('--models')) {
  const found = execFileSync('find', ['node_modules/@temporalio', '-path', '*/src/*.ts']);
  const files = found.toString().split('\n').filter(Boolean);
  print('Temporal SDK', measure(files.map((file) => readFileSync(file, 'utf8'))));
} else {
  const folders =
    asked.length > 0 ? asked : ['src', 'simulator', 'stack', 'tools', 'bench', 'test'];
  for (const folder of folders) {
    const files = filesUnder(folder);
    const depth = folder.split('/').length + 1;
    const groups = Map.groupBy(files, (file) =>
      file.split('/').slice(0, -1).slice(0, depth).join('/'),
    );
    for (const [name, members] of groups) {
      print(name, measure(members.map((file) => readFileSync(file, 'utf8'))));
    }
    print(`${folder} (all)`, measure(files.map((file) => readFileSync(file, 'utf8'))));
  }
}
