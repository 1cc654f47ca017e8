import type { ChildCollection } from '../domain/policy-types/policy-type.ts';
import { GraphError } from './graph-error.ts';
import { isGraphId } from './graph-id.ts';
import type { GraphRead, GraphReader } from './graph-reader.ts';
import { pathWithQuery } from './list-policies.ts';
import { pages } from './pages.ts';
import { isJsonObject, memberOf } from './parse-answer.ts';

export interface CapturedCollection {
  readonly elements: readonly unknown[];
  /** The elements in Graph's own text. */
  readonly slices: readonly string[];
}

/** Takes where a collection is and returns all of it, through every page. Throws GraphError. */
export async function readCollection(
  reader: GraphReader,
  path: string,
  options: GraphRead,
): Promise<CapturedCollection> {
  const elements: unknown[] = [];
  const slices: string[] = [];
  for await (const page of pages(reader, path, options)) {
    // One by one: spread into arguments, a page of a million zeros would overflow the stack.
    for (const element of page.elements) elements.push(element);
    for (const slice of page.slices) slices.push(slice);
  }
  return { elements, slices };
}

export interface CapturedChild extends CapturedCollection {
  /** Members of the snapshot's `children`, as JSON text: the collection and what hangs on its elements. */
  readonly members: readonly string[];
  /** Elements of the nested collections, parsed. */
  readonly nested: readonly unknown[];
}

/** Takes an item's path and one of its child collections, and returns it whole. Throws GraphError. */
export async function readChild(
  reader: GraphReader,
  itemPath: string,
  child: ChildCollection,
  options: GraphRead,
): Promise<CapturedChild> {
  const path = `${itemPath}/${child.path}`;
  const own = await readCollection(reader, pathWithQuery(path, child.query), options);
  const members = [`${JSON.stringify(child.name)}:${arrayText(own.slices)}`];
  const nested: unknown[] = [];
  for (const inner of child.each) {
    const byElement: string[] = [];
    for (const element of own.elements) {
      const id = idOf(element);
      const innerPath = `${path}/${encodeURIComponent(id)}/${inner.path}`;
      const found = await readCollection(reader, pathWithQuery(innerPath, inner.query), options);
      for (const element of found.elements) nested.push(element);
      byElement.push(`${JSON.stringify(id)}:${arrayText(found.slices)}`);
    }
    members.push(`${JSON.stringify(inner.name)}:{${byElement.join(',')}}`);
  }
  return { ...own, members, nested };
}

function idOf(element: unknown): string {
  const id = isJsonObject(element) ? memberOf(element, 'id') : undefined;
  if (isGraphId(id)) return id;
  throw new GraphError({ kind: 'invalid_response', code: 'bad_object_id', status: 200 });
}

/** Takes JSON texts and returns the array of them. */
export function arrayText(slices: readonly string[]): string {
  return `[${slices.join(',')}]`;
}
