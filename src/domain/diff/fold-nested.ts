import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember, type ParsedObject } from '#domain/json/parsed-object.ts';

/** A collection read once for every element of another collection, and stored beside it by the elements' ids. */
export interface Nested {
  readonly child: string;
  readonly name: string;
}

/**
 * Moves nested collections of a snapshot's `children` into their elements. A deleted and recreated element has another
 * id but is the same setting, so ids must not separate the two.
 */
export function foldNested(children: Parsed, nested: readonly Nested[]): Parsed {
  return nested.reduce<Parsed>(
    (folded, each) => (isParsedObject(folded) ? foldOne(folded, each) : folded),
    children,
  );
}

function foldOne(children: ParsedObject, { child, name }: Nested): Parsed {
  const [elements, byId] = [ownMember(children, child), ownMember(children, name)];
  if (!Array.isArray(elements) || !isParsedObject(byId)) return children;
  const left = new Map(Object.entries(byId));
  const folded = elements.map((element) => {
    const id = isParsedObject(element) ? ownMember(element, 'id') : undefined;
    if (!isParsedObject(element) || typeof id !== 'string') return element;
    const inner = left.get(id);
    if (inner === undefined || !left.delete(id)) return element;
    return { ...element, [name]: inner };
  });
  return {
    ...children,
    [child]: folded,
    [name]: left.size === 0 ? null : Object.fromEntries(left),
  };
}
