import { isNull, type Node, scalarText } from './node.ts';

/** Intune shows the same mask in place of a secret. */
const mask = '"****"';

/**
 * The node as JSON in canonical form, secrets masked. If the node itself is `masked`, the text still shows an absent
 * value as null.
 */
export function nodeText(node: Node, masked = false): string {
  if (masked) return isNull(node) ? 'null' : mask;
  if (node.kind === 'scalar') return scalarText(node.value);
  if (node.kind === 'array') return `[${node.elements.map((each) => nodeText(each)).join(',')}]`;
  const members = [...node.members.keys()].sort().map((name) => {
    const member = node.members.get(name);
    const text = member === undefined ? 'null' : nodeText(member, isMasked(node, name));
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(',')}}`;
}

/** True if the member is the secret of a marked object. */
export function isMasked({ secret }: { readonly secret: boolean }, name: string): boolean {
  return secret && name === 'value';
}
