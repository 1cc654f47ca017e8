import { newObjectId } from '../../catalogue/new-object-id.ts';
import { normalizeBody } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import { member, stringOf, textOf, withMember, withoutMembers } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import { readItem } from '../read/read-item.ts';
import { readOptions } from '../options.ts';
import { checkReferences } from './check-references.ts';
import { checkUnique } from './check-unique.ts';
import { nowText } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save } from './writing.ts';

/** Set by the service; values in a body are ignored, not refused. */
const serviceProperties = ['id', 'createdDateTime', 'lastModifiedDateTime'];

/**
 * Creates an object, under the given id or a new one. During the replication lag only this answer shows it.
 * @throws GraphProblem if the service refuses the body.
 */
export function createObject(writing: Writing, chosenId: string | null = null): GraphAnswer {
  const { service, call, target } = writing;
  const { type } = target;
  const given = bodyObject(writing);
  checkNew(writing, given);
  const own = completeBody(writing, given);
  checkReferences(writing, own);
  const id = chosenId ?? idOfNew(writing, given);
  const complete = type.initial(own, tenantOf(writing));
  save(writing, id, normalizeBody(type, id, type.written(complete)));
  const reading = { ...writing, options: readOptions(''), metadata: 'minimal' as const };
  const location = `${call.baseUrl}/${call.version}${type.path}('${id}')`;
  const answer = { ...readItem(reading, id), status: type.createStatus, headers: { location } };
  service.conditions.created(call.caller.tenantId, id);
  return answer;
}

function idOfNew({ call, service, target: { type } }: Writing, given: JsonObject): string {
  const chosen = stringOf(given, 'id') ?? '';
  if (type.chosenIds?.test(chosen) === true) return chosen;
  return type.idOf(newObjectId(service.store, call.caller.tenantId, type), given);
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
  const { abstract, createdOnlyWith, entity } = target.type;
  if (abstract && !isConcrete(body, entity)) {
    throw badRequest(`Cannot create an abstract class: 'microsoft.graph.${entity}'.`);
  }
  const foreign = body.find(
    ({ key }) => !key.startsWith('@odata.') && createdOnlyWith?.includes(key) === false,
  );
  const complaint =
    foreign === undefined
      ? target.type.checkCreate(body, tenantOf(writing))
      : `The property ${foreign.key} cannot be set when the object is created`;
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  checkUnique(writing, body, null);
}

function isConcrete(body: JsonObject, entity: string): boolean {
  const type = stringOf(body, '@odata.type') ?? '';
  return type !== '' && type !== `#microsoft.graph.${entity}`;
}
