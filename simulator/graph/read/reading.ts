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

/** A GET whose address has been understood. */
export interface Reading {
  readonly service: GraphService;
  readonly call: GraphCall;
  readonly target: Target;
  readonly options: QueryOptions;
  readonly metadata: MetadataLevel;
}

/** The address of the version root that was called. */
export function rootOf({ call }: Reading): string {
  return `${call.baseUrl}/${call.version}`;
}

/** The path of an object of the target's collection. */
export function itemPath({ target }: Reading, id: string): string {
  return `${target.type.path}('${id}')`;
}

/** What the caller wants to see of an object at that path. */
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

/** The context annotation of an answer about that path. */
export function contextMembers(reading: Reading, path: string): JsonObject {
  if (reading.metadata === 'none') return [];
  return [member('@odata.context', JSON.stringify(contextUrl(rootOf(reading), path)))];
}

/** What an object of the type looks like, in a list or alone. */
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

/** How the target's objects are shown: a function from what is stored to what the caller sees. */
export function presenter(reading: Reading): (body: JsonObject) => JsonObject {
  const { options, target } = reading;
  const tenant = tenantOf(reading);
  // What only the object alone shows costs a look around the tenant for each; a list does it when it is expanded.
  if (options.expand.length === 0) return (body) => present(reading, body);
  return (body) => target.type.presentAlone(present(reading, body), tenant);
}

/** The object with that id as the service shows it. Throws GraphProblem (404). */
export function presentedObject(reading: Reading, id: string): JsonObject {
  const { type } = reading.target;
  const tenant = tenantOf(reading);
  const body = tenantObject(type, tenant, id);
  if (body === undefined || !isReadable(reading, id)) throw notFound(type, id);
  return type.presentAlone(present(reading, body), tenant);
}

/** Whether an object has reached the machines that answer reads. */
export function isReadable({ call, service }: Reading, id: string): boolean {
  const { tenantId } = call.caller;
  return service.conditions.isReadable(tenantId, id);
}

/** Refuses to expand what the service behind the collection does not expand. Throws GraphProblem (400). */
export function checkExpand({ options, target: { type } }: Reading): void {
  const refused = options.expand.find(({ name }) => type.refusedExpands.includes(name));
  if (refused === undefined) return;
  throw intuneProblem(400, 'BadRequest', `An error has occurred - Cannot expand ${refused.name}`);
}

/** The tenant that is read from. */
export function tenantOf({ call, service }: Pick<Reading, 'call' | 'service'>): TenantView {
  return { store: service.store, tenantId: call.caller.tenantId };
}

/** An answer with a JSON body. */
export function jsonAnswer(body: string): GraphAnswer {
  return { status: 200, headers: {}, body };
}

/** The refusal for an object that is not there, in the words of the service that misses it. */
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

/** Counting settings is not free and lists show the same objects again and again; stored bodies never change. */
const presented = new WeakMap<JsonObject, JsonObject>();

function present({ call, target }: Reading, body: JsonObject): JsonObject {
  const presentable = presented.get(body) ?? target.type.present(body);
  presented.set(body, presentable);
  const shown = withKnownMembers(presentable, call, target.type);
  return call.version === 'beta' ? shown : asInV1(shown, target.type);
}

const askForAll = /\binclude-unknown-enum-members\b/i;

/** Who does not ask for them is told `unknownFutureValue` in place of younger members of enumerations. */
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

/** v1.0 knows neither scope tags nor the filters of assignments. */
function asInV1(body: JsonObject, type: CollectionType): JsonObject {
  if (type.service !== 'intune') return body;
  return mapObjects(withoutMembers(body, type.v1Omits), 'assignments', (assignment) =>
    mapObject(assignment, 'target', (target) => withoutMembers(target, filterProperties)),
  );
}
