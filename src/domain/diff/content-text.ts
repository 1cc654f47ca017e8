import { holdsScalars, isNull, type Node, scalarText } from './node.ts';

/**
 * What a node says, as text: the same for nodes of the same `form`, whichever documents they are of. Secrets are in it,
 * so it is only to be hashed.
 */
export function contentText(node: Node): string {
  if (node.kind === 'scalar') return scalarText(node.value);
  if (node.kind === 'array') {
    const texts = node.elements.map(contentText);
    return `[${(holdsScalars(node.elements) ? [...new Set(texts)] : texts).sort().join(',')}]`;
  }
  const said = [...node.members].filter(([, member]) => !isNull(member));
  const members = said.map(([name, member]) => `${JSON.stringify(name)}:${contentText(member)}`);
  return `{${members.sort().join(',')}}`;
}
