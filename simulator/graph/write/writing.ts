import type { JsonObject } from '../../json/object.ts';
import { isObjectText, parseObject } from '../../json/object.ts';
import type { StoredObject } from '../../store/stored-object.ts';
import type { GraphCall } from '../call.ts';
import { badRequest } from '../problem.ts';
import { notFound } from '../read/reading.ts';
import type { GraphService } from '../service.ts';
import type { Target } from '../target.ts';

/** A write whose address has been understood. */
export interface Writing {
  readonly service: GraphService;
  readonly call: GraphCall;
  readonly target: Target;
}

/** The object in the body of a call. Throws GraphProblem (400). */
export function bodyObject({ call }: Writing): JsonObject {
  if (call.body === null || call.body.trim() === '')
    throw badRequest('Empty Payload. JSON content expected.');
  if (!isObjectText(call.body)) throw badRequest('The payload is not a JSON object.');
  return parseObject(call.body);
}

/** The stored object with that id. Throws GraphProblem (404). */
export function storedObject({ service, call, target }: Writing, id: string): StoredObject {
  const object = service.store.find(call.caller.tenantId, target.type.path, id);
  if (object === undefined) throw notFound(target.type, id);
  return object;
}

/** Stores the object under the id in the collection that was called. */
export function save({ service, call, target }: Writing, id: string, body: JsonObject): void {
  service.store.put(call.caller.tenantId, target.type.path, id, body);
}

/** The moment of a change, as Graph writes it. */
export function nowText(): string {
  return JSON.stringify(new Date().toISOString());
}
