import { tenantObjects } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { stringOf } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { listText, selectObjects } from '../list.ts';
import { badRequest, intuneProblem } from '../problem.ts';
import { shapeObject } from '../shape.ts';
import type { Reading } from './reading.ts';
import {
  checkExpand,
  contextMembers,
  isReadable,
  itemPath,
  jsonAnswer,
  presenter,
  shapeOf,
  tenantOf,
  viewOf,
} from './reading.ts';

/**
 * Answers a GET of a collection or of its `$count`.
 * @throws GraphProblem.
 */
export function readCollection(reading: Reading): GraphAnswer {
  const { call, options, target } = reading;
  checkOptions(reading);
  checkExpand(reading);
  const all = tenantObjects(target.type, tenantOf(reading));
  const objects = readable(reading, ofCast(all, target.cast));
  const show = presenter(reading);
  if (target.rest[0] === '$count') {
    const count = selectObjects(objects, options, show).length;
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(count) };
  }
  const shape = shapeOf(reading, target.type.listOmits);
  const shapeEntry = (body: JsonObject): JsonObject =>
    shapeObject(show(body), shape, viewOf(reading, itemPath(reading, stringOf(body, 'id') ?? '')));
  return jsonAnswer(
    listText(objects, {
      call,
      options,
      context: contextMembers(reading, target.type.path),
      pageSize: target.type.pageSize,
      topMax: target.type.topMax,
      show,
      shape: shapeEntry,
    }),
  );
}

function readable(reading: Reading, objects: readonly JsonObject[]): readonly JsonObject[] {
  if (!reading.service.conditions.lags()) return objects;
  return objects.filter((body) => isReadable(reading, stringOf(body, 'id') ?? ''));
}

function ofCast(objects: readonly JsonObject[], cast: string | null): readonly JsonObject[] {
  if (cast === null) return objects;
  return objects.filter((body) => stringOf(body, '@odata.type') === `#${cast}`);
}

/** Refuses options unsupported by the service behind the collection. */
function checkOptions({ call, options, target: { type } }: Reading): void {
  if (options.filter !== null && !type.filterable) {
    throw intuneProblem(400, 'BadRequest', 'An error has occurred - Filtering is not supported');
  }
  if (options.expand.length > 0 && !type.expandableInList) {
    throw intuneProblem(400, 'BadRequest', 'An error has occurred - $expand is not supported');
  }
  if (options.search === null) return;
  if (type.service !== 'directory') throw badRequest('The query option $search is not supported.');
  if (call.headers['consistencylevel']?.toLowerCase() !== 'eventual') {
    throw badRequest(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
}
