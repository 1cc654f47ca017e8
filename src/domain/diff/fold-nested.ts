import { NumberLiteral, type Parsed } from '../json-literals.ts';

/** A collection that was read once for every element of another, and is kept beside it by the elements' ids. */
export interface Nested {
  readonly child: string;
  readonly name: string;
}

interface ParsedObject {
  [key: string]: Parsed;
}

/**
 * Takes a snapshot's `children` and returns them with nested collections moved into the elements that they belong to:
 * an element that was removed and made again has another id, and is the same setting all the same.
 */
export function foldNested(children: Parsed, nested: readonly Nested[]): Parsed {
  return nested.reduce<Parsed>(
    (folded, each) => (isParsedObject(folded) ? foldOne(folded, each) : folded),
    children,
  );
}

function foldOne(children: ParsedObject, { child, name }: Nested): Parsed {
  const [elements, byId] = [own(children, child), own(children, name)];
  if (!Array.isArray(elements) || !isParsedObject(byId)) return children;
  const left = new Map(Object.entries(byId));
  const folded = elements.map((element) => {
    const id = isParsedObject(element) ? own(element, 'id') : undefined;
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

/** Whether a parsed value is an object of JSON. */
export function isParsedObject(value: Parsed | undefined): value is ParsedObject {
  const container = typeof value === 'object' && value !== null && !Array.isArray(value);
  return container && !(value instanceof NumberLiteral);
}

function own(object: ParsedObject, key: string): Parsed | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
