import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';

/** What IntuneCD gives Python's json.dump: `indent=5`. */
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
 * Writes a value of JSON as IntuneCD does, so that a file that says the same is the same: indented by five, ASCII only,
 * no line break at the end; but numbers as Graph wrote them. Recursion is bounded by the depth of the value.
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
