import { nodeText } from './node-text.ts';
import type { Node } from './node.ts';
import { keyLabel } from './path.ts';

/** Two versions of one element that differ, or an element that only one side has. */
export interface Pair {
  /** Distinguishes this pair from all others of its array. */
  readonly label: string;
  readonly before: Node | null;
  readonly after: Node | null;
}

interface Keyed {
  readonly key: string;
  readonly label: string;
  readonly node: Node;
}

/**
 * Pairs the elements of an array with those of the other side and returns the pairs that differ. `keyPaths` lead to the
 * identity of an element. Among elements with the same key, equal ones belong together; the others are paired in order.
 */
export function pairElements(
  before: readonly Node[],
  after: readonly Node[],
  keyPaths: readonly (readonly string[])[],
): Pair[] {
  const [old, now] = [before, after].map((nodes) => byKey(nodes, keyPaths));
  const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
  const pairs = keys.flatMap((key) => pairEqualKeys(old?.get(key) ?? [], now?.get(key) ?? []));
  return withDistinctLabels(pairs);
}

function byKey(
  nodes: readonly Node[],
  keyPaths: readonly (readonly string[])[],
): Map<string, Keyed[]> {
  return Map.groupBy(
    nodes.map((node) => keyed(node, keyPaths)),
    ({ key }) => key,
  );
}

function keyed(node: Node, keyPaths: readonly (readonly string[])[]): Keyed {
  const parts = keyPaths.map((path) => valuesAt(node, path));
  const labels = parts.flatMap(({ values: [first], several }) =>
    several || first?.kind !== 'scalar' || first.value === null ? [] : [keyLabel(first.value)],
  );
  const texts = parts.map(({ values }) => values.map((value) => nodeText(value)).sort());
  return { key: JSON.stringify(texts), label: labels.join('+'), node };
}

/** The values at a path; `several` if an array lies on the way, so that the values are no name for the element. */
function valuesAt(
  node: Node | undefined,
  [name, ...rest]: readonly string[],
): { values: readonly Node[]; several: boolean } {
  if (node === undefined) return { values: [], several: false };
  if (name === undefined) return { values: [node], several: false };
  if (node.kind === 'scalar') return { values: [], several: false };
  if (node.kind === 'object') return valuesAt(node.members.get(name), rest);
  const values = node.elements.flatMap((each) => valuesAt(each, [name, ...rest]).values);
  return { values, several: true };
}

function pairEqualKeys(before: readonly Keyed[], after: readonly Keyed[]): Pair[] {
  const [old, now] = [without(before, after), without(after, before)];
  return Array.from({ length: Math.max(old.length, now.length) }, (_, at) => ({
    label: old[at]?.label ?? now[at]?.label ?? '',
    before: old[at]?.node ?? null,
    after: now[at]?.node ?? null,
  }));
}

/** The elements without an equal on the other side; each equal cancels one element. */
function without(elements: readonly Keyed[], others: readonly Keyed[]): Keyed[] {
  const equals = new Map<number, number>();
  for (const { node } of others) equals.set(node.form, (equals.get(node.form) ?? 0) + 1);
  return elements.filter(({ node }) => {
    const left = equals.get(node.form) ?? 0;
    equals.set(node.form, left - 1);
    return left <= 0;
  });
}

function withDistinctLabels(pairs: readonly Pair[]): Pair[] {
  const counts = new Map<string, number>();
  for (const { label } of pairs) counts.set(label, (counts.get(label) ?? 0) + 1);
  const seen = new Map<string, number>();
  return pairs.map((pair) => {
    if (pair.label !== '' && counts.get(pair.label) === 1) return pair;
    const number = (seen.get(pair.label) ?? 0) + 1;
    seen.set(pair.label, number);
    return { ...pair, label: `${pair.label}#${number}` };
  });
}
