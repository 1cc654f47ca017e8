import { mapConcurrent } from '#domain/concurrency/concurrent.ts';
import { settleAll } from '#domain/concurrency/settle-all.ts';
import { isGraphId } from '#domain/identity/graph-id.ts';
import { jsonDepthMax } from '#domain/json/json-bounds.ts';
import { rootSlice } from '#domain/json/json-slices.ts';
import type { ChildCollection, NestedCollection } from '#domain/policy-types/policy-type.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphRead, GraphReader } from '#graph/port/graph-reader.ts';
import { pages } from '#graph/port/pages.ts';
import { isJsonObject, memberOf, parseAnswer } from '#graph/port/parse-answer.ts';
import { pathWithQuery } from '#graph/port/path-with-query.ts';

/** Reads of one policy in flight: Graph takes twenty requests in one batch. */
export const concurrentReads = 20;

export interface CapturedCollection {
  readonly elements: readonly unknown[];
  /** The elements in Graph's own text. */
  readonly slices: readonly string[];
}

/** A member of a snapshot's `children`, as JSON text and parsed. */
export interface ChildMember {
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
}

/** Reads all pages of a collection. @throws GraphError */
export async function readCollection(
  reader: GraphReader,
  path: string,
  options: GraphRead,
): Promise<CapturedCollection> {
  const elements: unknown[] = [];
  const slices: string[] = [];
  for await (const page of pages(reader, path, options)) {
    // Pushed one by one: as arguments of one call, a page of a million zeros would overflow the stack.
    for (const element of page.elements) elements.push(element);
    for (const slice of page.slices) slices.push(slice);
  }
  return { elements, slices };
}

/** Reads a single object; null if Graph has none there. @throws GraphError */
async function readObject(
  reader: GraphReader,
  path: string,
  options: GraphRead,
): Promise<CapturedCollection | null> {
  try {
    const answer = await reader.get(path, options);
    return { elements: [parseAnswer(answer, jsonDepthMax)], slices: [rootSlice(answer.text)] };
  } catch (error) {
    if (error instanceof GraphError && isAbsent(error)) return null;
    throw error;
  }
}

/** Graph answers an empty navigation with 404 or 204. */
function isAbsent({ kind, status }: GraphError): boolean {
  return kind === 'not_found' || (kind === 'invalid_response' && status === 204);
}

/** Reads one child of an item in its own request, without the nested reads of its elements. @throws GraphError */
export function readOwnChild(
  reader: GraphReader,
  itemPath: string,
  { path, query, shape }: Pick<ChildCollection, 'path' | 'query' | 'shape'>,
  options: GraphRead,
): Promise<CapturedCollection | null> {
  const address = pathWithQuery(`${itemPath}/${path}`, query);
  return shape === 'object'
    ? readObject(reader, address, options)
    : readCollection(reader, address, options);
}

/** Builds the snapshot members of one child: the child itself, and one nested read per element. @throws GraphError */
export async function childMembers(
  reader: GraphReader,
  itemPath: string,
  child: ChildCollection,
  own: CapturedCollection | null,
  options: GraphRead,
): Promise<ChildMember[]> {
  const path = `${itemPath}/${child.path}`;
  const nested = child.each.map((inner) =>
    nestedMember(reader, path, inner, own?.elements ?? [], options),
  );
  return [memberFrom(child.name, child.shape, own), ...(await settleAll<ChildMember[]>(nested))];
}

async function nestedMember(
  reader: GraphReader,
  parentPath: string,
  inner: NestedCollection,
  elements: readonly unknown[],
  options: GraphRead,
): Promise<ChildMember> {
  const byElement = await mapConcurrent(concurrentReads, elements, async (element) => {
    const id = idOf(element);
    const path = inner.path.startsWith('/')
      ? inner.path.replace('{id}', () => encodeURIComponent(id))
      : `${parentPath}/${encodeURIComponent(id)}/${inner.path}`;
    const address = pathWithQuery(path, inner.query);
    const found = await (inner.shape === 'object'
      ? readObject(reader, address, options)
      : readCollection(reader, address, options));
    return memberFrom(id, inner.shape, found);
  });
  return {
    name: inner.name,
    text: `{${byElement.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(',')}}`,
    value: Object.fromEntries(byElement.map(({ name, value }) => [name, value])),
  };
}

function memberFrom(
  name: string,
  shape: ChildCollection['shape'],
  found: CapturedCollection | null,
): ChildMember {
  if (found === null) return { name, text: 'null', value: null };
  return shape === 'object'
    ? { name, text: found.slices[0] ?? 'null', value: found.elements[0] ?? null }
    : { name, text: arrayText(found.slices), value: found.elements };
}

function idOf(element: unknown): string {
  const id = isJsonObject(element) ? memberOf(element, 'id') : undefined;
  if (isGraphId(id)) return id;
  throw new GraphError({ kind: 'invalid_response', code: 'bad_object_id', status: 200 });
}

export function arrayText(slices: readonly string[]): string {
  return `[${slices.join(',')}]`;
}
