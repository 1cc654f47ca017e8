import type { Embedding } from '../../catalogue/collection-type.ts';
import { linkedId } from '../../catalogue/reference.ts';
import { knownType } from '../../catalogue/find-type.ts';
import { tenantObjects } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { objectsOf, objectText, stringOf, withoutMembers } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, noSegment } from '../problem.ts';
import { notFound, tenantOf } from '../read/reading.ts';
import { createChild, deleteChild, updateChild } from './child.ts';
import type { Writing } from './writing.ts';
import { bodyObject } from './writing.ts';

/**
 * Creates an object inside another one, its holder; a link in the body names the holder.
 * @throws GraphProblem (400, 404).
 */
export function createEmbedded(writing: Writing, embedding: Embedding): GraphAnswer {
  const given = bodyObject(writing);
  const name = `${embedding.link}@odata.bind`;
  const link = stringOf(given, name) ?? '';
  const holderId = linkedId(link);
  if (holderId === undefined) throw badRequest(`The property ${name} is missing.`);
  const call = { ...writing.call, body: objectText(withoutMembers(given, [name])) };
  const holder = atHolder({ ...writing, call }, embedding);
  return createChild(holder, holderId, embedding.child);
}

/**
 * Changes or removes an object inside its holder.
 * @throws GraphProblem (404).
 */
export function writeEmbedded(writing: Writing, embedding: Embedding, id: string): GraphAnswer {
  const holder = atHolder(writing, embedding);
  const holderId = holderOf(holder, embedding, id);
  if (holderId === undefined) throw notFound(writing.target.type, id);
  return writing.call.method === 'DELETE'
    ? deleteChild(holder, holderId, embedding.child, id)
    : updateChild(holder, holderId, embedding.child, id);
}

function atHolder(writing: Writing, { holders }: Embedding): Writing {
  const type = knownType(holders);
  if (type === undefined) throw noSegment(holders);
  return { ...writing, target: { ...writing.target, type } };
}

function holderOf(holder: Writing, { child }: Embedding, id: string): string | undefined {
  const holds = (body: JsonObject): boolean =>
    objectsOf(body, child).some((entry) => stringOf(entry, 'id') === id);
  const body = tenantObjects(holder.target.type, tenantOf(holder)).find(holds);
  return body === undefined ? undefined : stringOf(body, 'id');
}
