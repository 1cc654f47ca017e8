import {
  removeObject,
  storeObject,
  tenantObject,
  withWrittenEntries,
} from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { isObjectText, parseObject, textOf } from '../../json/object.ts';
import type { GraphCall } from '../call.ts';
import { badRequest } from '../problem.ts';
import { notFound, tenantOf } from '../read/reading.ts';
import type { GraphService } from '../service.ts';
import type { Target } from '../target.ts';
import { releasedFilters, usedFilters } from './used-filters.ts';

/** A write with a resolved path. */
export interface Writing {
  readonly service: GraphService;
  readonly call: GraphCall;
  readonly target: Target;
}

/**
 * Parses the object in a body.
 * @throws GraphProblem (400).
 */
export function bodyObject({ call }: Writing): JsonObject {
  if (call.body === null || call.body.trim() === '')
    throw badRequest('Empty Payload. JSON content expected.');
  if (!isObjectText(call.body)) throw badRequest('The payload is not a JSON object.');
  return parseObject(call.body);
}

/**
 * Returns a stored object.
 * @throws GraphProblem (404).
 */
export function storedObject(writing: Writing, id: string): JsonObject {
  const { type } = writing.target;
  const body = tenantObject(type, tenantOf(writing), id);
  if (body === undefined) throw notFound(type, id);
  return body;
}

/** Stores an object in the called collection; starts the lock of filters it no longer uses. */
export function save(writing: Writing, id: string, body: JsonObject): void {
  const { type } = writing.target;
  const tenant = tenantOf(writing);
  const before = tenantObject(type, tenant, id);
  const after = storeObject(type, tenant, id, withWrittenEntries(type, tenant, body));
  const released = releasedFilters(assignmentsText(before ?? []), assignmentsText(after));
  writing.service.conditions.released(tenant.tenantId, released);
}

/** Removes an object from the called collection; starts the lock of its filters. */
export function remove(writing: Writing, id: string): void {
  const tenant = tenantOf(writing);
  const released = usedFilters(assignmentsText(storedObject(writing, id)));
  writing.service.conditions.released(tenant.tenantId, released);
  removeObject(writing.target.type, tenant, id);
}

function assignmentsText(body: JsonObject): string {
  return textOf(body, 'assignments') ?? '';
}
