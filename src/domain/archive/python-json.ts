import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';

/** IntuneCD calls Python's json.dump with `indent=5`. */
const indentSpaces = 5;

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * Writes JSON like IntuneCD, so that equal content gives equal files: indented by five, ASCII only, no line break at
 * the end. Numbers keep Graph's spelling. The depth of the value bounds the recursion.
 */
export function pythonJson(value: Parsed, depth = 0): string {
  if (value instanceof NumberLiteral) return value.source;
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `\n${' '.repeat(indentSpaces * (depth + 1))}`;
  const outer = `\n${' '.repeat(indentSpaces * depth)}`;
  if (Array.isArray(value)) {
    const elements = value.map((element) => pythonJson(element, depth + 1));
    return elements.length === 0 ? '[]' : `[${inner}${elements.join(`,${inner}`)}${outer}]`;
  }
  const members = Object.entries(value).map(
    ([key, member]) => `${quoted(key)}: ${pythonJson(member, depth + 1)}`,
  );
  return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${outer}}`;
}

function quoted(text: string): string {
  const escaped = text.replaceAll(
    /["\\]|[^ -~]/g,
    (unit) => shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}
