import { isNull, type Node, scalarText } from './node.ts';

/** What Intune, too, shows in place of a secret. */
const mask = '"****"';

/**
 * Takes a node and returns it as JSON in canonical form, secrets masked. `masked` says that the node itself is one;
 * that there is none stays visible.
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

/** Whether a member of an object is the secret that the object is marked for. */
export function isMasked({ secret }: { readonly secret: boolean }, name: string): boolean {
  return secret && name === 'value';
}
