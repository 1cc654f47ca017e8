import { plainTextValue } from '../../catalogue/oma-settings.ts';
import { singletonAt } from '../../catalogue/singletons.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { member, objectText } from '../../json/object.ts';
import type { GraphAnswer, GraphCall } from '../call.ts';
import { metadataLevel } from '../metadata.ts';
import { readOptions } from '../options.ts';
import { badRequest } from '../problem.ts';
import { namedArguments } from '../segments.ts';
import { contextUrl } from '../shape.ts';
import type { GraphService } from '../service.ts';
import { findTarget } from '../target.ts';
import { readChild } from './read-child.ts';
import { readCollection } from './read-collection.ts';
import { readItem } from './read-item.ts';
import type { Reading } from './reading.ts';
import { contextMembers, jsonAnswer, notFound, tenantOf } from './reading.ts';

const plainTextFunction = 'getOmaSettingPlainTextValue(';

/**
 * Answers a GET.
 * @throws GraphProblem.
 */
export function answerRead(service: GraphService, call: GraphCall): GraphAnswer {
  const singleton = singletonAt(call.path);
  if (singleton !== undefined) return readSingleton(call, singleton);
  const target = findTarget(service.store, call);
  const reading: Reading = {
    service,
    call,
    target,
    options: readOptions(call.query),
    metadata: metadataLevel(call.headers['accept']),
  };
  const [id, ...behind] = target.rest;
  if (id === undefined || id === '$count') return readCollection(reading);
  const [next] = behind;
  if (next === undefined) return readItem(reading, id);
  if (next.startsWith(plainTextFunction)) return readPlainText(reading, id, next);
  return readChild(reading, id, behind);
}

function readSingleton(call: GraphCall, body: JsonObject): GraphAnswer {
  const context = contextUrl(`${call.baseUrl}/${call.version}`, `${call.path}/$entity`);
  return jsonAnswer(objectText([member('@odata.context', JSON.stringify(context)), ...body]));
}

/** Answers with the plain text of an encrypted custom setting. */
function readPlainText(reading: Reading, id: string, segment: string): GraphAnswer {
  const { type } = reading.target;
  const reference = namedArguments(segment).get('secretReferenceValueId');
  if (reference === undefined) throw badRequest('The secretReferenceValueId is missing.');
  const body = tenantObject(type, tenantOf(reading), id);
  const value = body === undefined ? undefined : plainTextValue(body, reference);
  if (value === undefined) throw notFound(type, reference);
  const context = contextMembers(reading, '/Edm.String');
  return jsonAnswer(objectText([...context, member('value', value)]));
}
