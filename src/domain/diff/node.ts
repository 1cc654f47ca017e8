import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';

export type Scalar = null | boolean | string | NumberLiteral;

/**
 * A part of a snapshot as a diff sees it: without what is ignored. Parts that say the same bear the same `form`,
 * whatever the order of their members and elements, so equality costs one comparison.
 */
export type Node = ScalarNode | ObjectNode | ArrayNode;

interface ScalarNode {
  readonly kind: 'scalar';
  readonly form: number;
  readonly value: Scalar;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly form: number;
  readonly members: ReadonlyMap<string, Node>;
  /** Its `value` is a secret. */
  readonly secret: boolean;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly form: number;
  readonly elements: readonly Node[];
}

/** What has to be known to read both snapshots of a diff alike. */
export interface Reading {
  /** Takes a text, returns its number: the same for the same text. */
  readonly formOf: (text: string) => number;
  /** Takes the names that lead to a member, its own last, and says whether diffs leave it out. */
  readonly ignores: (names: readonly string[]) => boolean;
  readonly isSecret: (members: ReadonlyMap<string, Node>) => boolean;
}

/** Numbers texts in the order in which they are first seen. */
export function createForms(): Reading['formOf'] {
  const forms = new Map<string, number>();
  return (text) => {
    const known = forms.get(text);
    if (known !== undefined) return known;
    forms.set(text, forms.size);
    return forms.size - 1;
  };
}

/** Takes a parsed value of bounded depth and the names of the members that lead to it. */
export function toNode(value: Parsed, names: readonly string[], reading: Reading): Node {
  if (Array.isArray(value)) return arrayNode(value, names, reading);
  if (value === null || typeof value !== 'object' || value instanceof NumberLiteral) {
    return { kind: 'scalar', form: reading.formOf(scalarText(value)), value };
  }
  return objectNode(value, names, reading);
}

/** The node of an object: see {@link toNode}. */
export function objectNode(
  value: { readonly [key: string]: Parsed },
  names: readonly string[],
  reading: Reading,
): ObjectNode {
  const members = new Map<string, Node>();
  for (const [name, member] of Object.entries(value)) {
    const path = [...names, name];
    if (!reading.ignores(path)) members.set(name, toNode(member, path, reading));
  }
  // Graph leaves out what has no value as often as it says null, so the two are one.
  const said = [...members]
    .filter(([, member]) => !isNull(member))
    .map(([name, { form }]) => `${JSON.stringify(name)}:${form}`)
    .sort();
  const form = reading.formOf(`{${said.join(',')}}`);
  return { kind: 'object', form, members, secret: reading.isSecret(members) };
}

function arrayNode(
  value: readonly Parsed[],
  names: readonly string[],
  reading: Reading,
): ArrayNode {
  const elements = value.map((element) => toNode(element, names, reading));
  const forms = elements.map(({ form }) => form);
  const said = holdsScalars(elements) ? [...new Set(forms)] : forms;
  return { kind: 'array', form: reading.formOf(`[${said.sort().join(',')}]`), elements };
}

/** Whether elements are scalars, of which an array is a set: their order says nothing, nor how often one occurs. */
export function holdsScalars(elements: readonly Node[]): boolean {
  return elements.every(({ kind }) => kind === 'scalar');
}

/** Whether a node says that there is no value. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** A scalar as JSON, numbers as they were written. */
export function scalarText(value: Scalar): string {
  return value instanceof NumberLiteral ? value.source : JSON.stringify(value);
}
