import { tenantObjects } from '../../catalogue/tenant-objects.ts';
import { newObjectId } from '../../catalogue/new-object-id.ts';
import { normalizeBody } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import { member, textOf, valueOf, withMember, withoutMembers } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import { readItem } from '../read/read-item.ts';
import { readOptions } from '../options.ts';
import type { Writing } from './writing.ts';
import { bodyObject, nowText, save } from './writing.ts';

/** What the service sets itself; a body that holds it is not refused, its value is not taken. */
const serviceProperties = ['id', 'createdDateTime', 'lastModifiedDateTime'];

/** Creates an object in a collection. Throws GraphProblem when the service refuses the body. */
export function createObject(writing: Writing): GraphAnswer {
  const { service, call, target } = writing;
  const given = bodyObject(writing);
  checkNew(writing, given);
  const id = newObjectId(service.store, call.caller.tenantId, target.type);
  save(
    writing,
    id,
    normalizeBody(
      target.type,
      id,
      target.type.written(target.type.initial(completeBody(writing, given))),
    ),
  );
  const reading = { ...writing, options: readOptions(''), metadata: 'minimal' as const };
  const location = `${call.baseUrl}/${call.version}${target.type.path}('${id}')`;
  return { ...readItem(reading, id), status: target.type.createStatus, headers: { location } };
}

function completeBody({ target: { type } }: Writing, given: JsonObject): JsonObject {
  const overlooked = type.children
    .filter(({ createdWithParent }) => !createdWithParent)
    .map(({ name }) => name);
  const own = withoutMembers(given, [...serviceProperties, ...overlooked]);
  const tagged =
    type.scopeTags !== null && textOf(own, type.scopeTags) === undefined
      ? withMember(own, type.scopeTags, '["0"]')
      : own;
  const versioned = type.versioned ? withMember(tagged, 'version', '1') : tagged;
  if (!type.dated) return versioned;
  return [
    ...versioned,
    member('createdDateTime', nowText()),
    member('lastModifiedDateTime', nowText()),
  ];
}

function checkNew(writing: Writing, body: JsonObject): void {
  const { target } = writing;
  const complaint = target.type.checkCreate(body);
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  const { uniqueBy } = target.type;
  if (uniqueBy === null) return;
  const name = valueOf(body, uniqueBy);
  const others = tenantObjects(target.type, tenantOf(writing));
  if (others.some((other) => valueOf(other, uniqueBy) === name)) {
    throw intuneProblem(
      400,
      'BadRequest',
      `A ${target.type.entity} with that ${uniqueBy} already exists`,
    );
  }
}
