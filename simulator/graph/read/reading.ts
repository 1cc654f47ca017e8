import type { CollectionType, TenantView } from '../../catalogue/collection-type.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  mapObject,
  mapObjects,
  member,
  stringOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer, GraphCall } from '../call.ts';
import type { MetadataLevel } from '../metadata.ts';
import type { QueryOptions } from '../options.ts';
import { GraphProblem, intuneProblem } from '../problem.ts';
import type { GraphService } from '../service.ts';
import type { Shape, View } from '../shape.ts';
import { contextUrl } from '../shape.ts';
import type { Target } from '../target.ts';

/** A GET with a resolved path. */
export interface Reading {
  readonly service: GraphService;
  readonly call: GraphCall;
  readonly target: Target;
  readonly options: QueryOptions;
  readonly metadata: MetadataLevel;
}

/** Returns the URL of the called version root. */
export function rootOf({ call }: Reading): string {
  return `${call.baseUrl}/${call.version}`;
}

/** Returns the path of an object in the target's collection. */
export function itemPath({ target }: Reading, id: string): string {
  return `${target.type.path}('${id}')`;
}

/** Returns the caller's view of an object at that path. */
export function viewOf(reading: Reading, path: string): View {
  const { call, metadata, options, service } = reading;
  return {
    select: options.select,
    expand: options.expand,
    metadata,
    expansionMax: service.conditions.expansionMax(call.caller.tenantId),
    root: rootOf(reading),
    path,
  };
}

/** Returns the context annotation of an answer for that path. */
export function contextMembers(reading: Reading, path: string): JsonObject {
  if (reading.metadata === 'none') return [];
  return [member('@odata.context', JSON.stringify(contextUrl(rootOf(reading), path)))];
}

/** Returns the shape of the type's objects, in a list or alone. */
export function shapeOf(reading: Reading, omits: readonly string[]): Shape {
  const { type } = reading.target;
  return {
    entity: type.entity,
    alwaysId: type.service === 'intune',
    polymorphic: type.polymorphic,
    children: type.children,
    navigable: type.navigable,
    withheld: type.withheld,
    omits,
  };
}

/** Returns the function from a stored object to the caller's view of it. */
export function presenter(reading: Reading): (body: JsonObject) => JsonObject {
  const { options, target } = reading;
  const tenant = tenantOf(reading);
  // Members of a single object's answer need other objects of the tenant; a list adds them only with $expand.
  if (options.expand.length === 0) return (body) => present(reading, body);
  return (body) => target.type.presentAlone(present(reading, body), tenant);
}

/**
 * Returns an object as the service shows it.
 * @throws GraphProblem (404).
 */
export function presentedObject(reading: Reading, id: string): JsonObject {
  const { type } = reading.target;
  const tenant = tenantOf(reading);
  const body = tenantObject(type, tenant, id);
  if (body === undefined || !isReadable(reading, id)) throw notFound(type, id);
  return type.presentAlone(present(reading, body), tenant);
}

/** False during the object's replication lag. */
export function isReadable({ call, service }: Reading, id: string): boolean {
  const { tenantId } = call.caller;
  return service.conditions.isReadable(tenantId, id);
}

/**
 * Refuses expansions unsupported by the service.
 * @throws GraphProblem (400).
 */
export function checkExpand({ options, target: { type } }: Reading): void {
  const refused = options.expand.find(({ name }) => type.refusedExpands.includes(name));
  if (refused === undefined) return;
  throw intuneProblem(400, 'BadRequest', `An error has occurred - Cannot expand ${refused.name}`);
}

export function tenantOf({ call, service }: Pick<Reading, 'call' | 'service'>): TenantView {
  return { store: service.store, tenantId: call.caller.tenantId };
}

export function jsonAnswer(body: string): GraphAnswer {
  return { status: 200, headers: {}, body };
}

/** Returns the refusal for a missing object, in the words of its service. */
export function notFound(type: CollectionType, id: string): GraphProblem {
  if (type.service === 'intune') {
    return intuneProblem(404, 'ResourceNotFound', `An error has occurred - ${id} was not found`);
  }
  return new GraphProblem(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/**
 * Cached, since lists show the same objects many times and counting settings costs time; stored bodies never change.
 */
const presented = new WeakMap<JsonObject, JsonObject>();

function present({ call, target }: Reading, body: JsonObject): JsonObject {
  const presentable = presented.get(body) ?? target.type.present(body);
  presented.set(body, presentable);
  const shown = withKnownMembers(presentable, call, target.type);
  return call.version === 'beta' ? shown : asInV1(shown, target.type);
}

const askForAll = /\binclude-unknown-enum-members\b/i;

/** Without the Prefer header Graph answers `unknownFutureValue` for newer enum members. */
function withKnownMembers(body: JsonObject, call: GraphCall, type: CollectionType): JsonObject {
  if (type.futureMembers.size === 0 || askForAll.test(call.headers['prefer'] ?? '')) return body;
  return [...type.futureMembers].reduce((object, [name, members]) => {
    const value = stringOf(object, name);
    return value !== undefined && members.includes(value)
      ? withMember(object, name, '"unknownFutureValue"')
      : object;
  }, body);
}

const filterProperties = [
  'deviceAndAppManagementAssignmentFilterId',
  'deviceAndAppManagementAssignmentFilterType',
];

/** v1.0 lacks scope tags and the filters of assignments. */
function asInV1(body: JsonObject, type: CollectionType): JsonObject {
  if (type.service !== 'intune') return body;
  return mapObjects(withoutMembers(body, type.v1Omits), 'assignments', (assignment) =>
    mapObject(assignment, 'target', (target) => withoutMembers(target, filterProperties)),
  );
}
