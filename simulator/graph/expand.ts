/** One entry of `$expand` with the options in its parentheses. */
export interface Expand {
  /** The path as written, including a type cast. */
  readonly path: string;
  /** The navigation property's name. */
  readonly name: string;
  readonly select: readonly string[] | null;
  readonly expand: readonly Expand[];
}

/** Parses an `$expand` option; an empty text gives no entries. */
export function parseExpand(text: string): Expand[] {
  return splitOutside(text, ',').map(parseEntry);
}

/** Parses a `$select` option; null if there is none. */
export function parseSelect(text: string | undefined): string[] | null {
  if (text === undefined || text.trim() === '') return null;
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '*');
}

function parseEntry(entry: string): Expand {
  const open = entry.indexOf('(');
  const path = (open === -1 ? entry : entry.slice(0, open)).trim();
  const inner = open === -1 ? '' : entry.slice(open + 1, entry.lastIndexOf(')'));
  const options = new Map(
    splitOutside(inner, ';').map((option): [string, string] => {
      const at = option.indexOf('=');
      return [option.slice(0, at).trim().replace(/^\$/, '').toLowerCase(), option.slice(at + 1)];
    }),
  );
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    select: parseSelect(options.get('select')),
    expand: parseExpand(options.get('expand') ?? ''),
  };
}

/** Splits at a separator outside of all parentheses. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (text[index] === separator && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.filter((part) => part.trim() !== '');
}
