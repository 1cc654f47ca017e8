import type { CollectionType } from '../../catalogue/collection-type.ts';
import type { JsonObject } from '../../json/object.ts';
import { mapObject, mapObjects, stringOf, withoutMembers } from '../../json/object.ts';
import type { GraphAnswer, GraphCall } from '../call.ts';
import type { MetadataLevel } from '../metadata.ts';
import type { QueryOptions } from '../options.ts';
import { GraphProblem, intuneProblem } from '../problem.ts';
import type { GraphService } from '../service.ts';
import type { Shape, View } from '../shape.ts';
import type { Target } from '../target.ts';

/** A GET whose address has been understood. */
export interface Reading {
  readonly service: GraphService;
  readonly call: GraphCall;
  readonly target: Target;
  readonly options: QueryOptions;
  readonly metadata: MetadataLevel;
}

/** The address of the metadata document of the version that was called. */
export function metadataUrl({ call }: Reading, path: string): string {
  return `${call.baseUrl}/${call.version}/$metadata#${path.replace(/^\//, '')}`;
}

/** The address under which an object of the target's collection is found. */
export function itemAddress({ call, target }: Reading, id: string): string {
  return `${call.baseUrl}/${call.version}${target.type.path}('${id}')`;
}

/** What the caller wants to see of an object at that address. */
export function viewOf(reading: Reading, address: string, path: string): View {
  return {
    select: reading.options.select,
    expand: reading.options.expand,
    metadata: reading.metadata,
    metadataUrl: metadataUrl(reading, path),
    address,
  };
}

/** What an object of the type looks like, in a list or alone. */
export function shapeOf(reading: Reading, omits: readonly string[]): Shape {
  const { type } = reading.target;
  return { entity: type.entity, polymorphic: type.polymorphic, children: type.children, omits };
}

/** The objects of the target's collection as the service shows them. */
export function presentedObjects(reading: Reading): JsonObject[] {
  const { service, call, target } = reading;
  const stored = service.store.list(call.caller.tenantId, target.type.path);
  const ids = new Set(stored.map(({ id }) => id));
  const builtIn = target.type.builtIn.filter((body) => !ids.has(idOf(body)));
  return [...builtIn, ...stored.map(({ body }) => body)].map((body) => present(reading, body));
}

/** The object with that id as the service shows it. Throws GraphProblem (404). */
export function presentedObject(reading: Reading, id: string): JsonObject {
  const { service, call, target } = reading;
  const body =
    service.store.find(call.caller.tenantId, target.type.path, id)?.body ??
    target.type.builtIn.find((each) => idOf(each) === id);
  if (body === undefined) throw notFound(target.type, id);
  return present(reading, body);
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

function present({ call, target }: Reading, body: JsonObject): JsonObject {
  const shown = target.type.present(body);
  return call.version === 'beta' ? shown : asInV1(shown, target.type);
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

function idOf(body: JsonObject): string {
  return stringOf(body, 'id') ?? '';
}
