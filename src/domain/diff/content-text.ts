import { holdsScalars, isNull, type Node, scalarText } from './node.ts';

/**
 * The content of a node as text: equal for nodes of the same `form`, also across documents. The text contains secrets,
 * so callers must only hash it.
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
