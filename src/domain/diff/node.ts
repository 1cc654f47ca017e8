import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';

export type Scalar = null | boolean | string | NumberLiteral;

/**
 * A part of a snapshot as a diff compares it, without ignored members. Parts with the same content have the same
 * `form`, in any order of members and elements, so equality costs one comparison.
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
  /** True if its `value` is a secret. */
  readonly secret: boolean;
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly form: number;
  readonly elements: readonly Node[];
}

/** The context in which both snapshots of a diff are read alike. */
export interface Reading {
  /** The number of a text: equal for equal texts. */
  readonly formOf: (text: string) => number;
  /** True if diffs ignore the member at the end of these names. */
  readonly ignores: (names: readonly string[]) => boolean;
  readonly isSecret: (members: ReadonlyMap<string, Node>) => boolean;
}

/** Numbers texts in order of first use. */
export function createForms(): Reading['formOf'] {
  const forms = new Map<string, number>();
  return (text) => {
    const known = forms.get(text);
    if (known !== undefined) return known;
    forms.set(text, forms.size);
    return forms.size - 1;
  };
}

/** Builds the node of a parsed value. The depth of the value is bounded; `names` are the members on the way to it. */
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
  // Graph omits a member without a value as often as it writes null, so both count as equal.
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

/** True if all elements are scalars. Such an array is a set: order and repetition carry no meaning. */
export function holdsScalars(elements: readonly Node[]): boolean {
  return elements.every(({ kind }) => kind === 'scalar');
}

/** True for a node without a value. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** A scalar as JSON, numbers in Graph's spelling. */
export function scalarText(value: Scalar): string {
  return value instanceof NumberLiteral ? value.source : JSON.stringify(value);
}
