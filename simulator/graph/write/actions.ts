import { normalizeEntry } from '../../catalogue/normalize.ts';
import type { ChildCollection } from '../../catalogue/collection-type.ts';
import { intents } from '../../catalogue/intents.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  elementsOf,
  mergeObjects,
  objectText,
  objectsOf,
  stringOf,
  textOf,
  valueOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest } from '../problem.ts';
import { assign } from './assign.ts';
import { createObject } from './create.ts';
import { touched } from './update.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

type Action = (writing: Writing, id: string) => GraphAnswer;

/** The actions by the names of their segments; a type's entry says which of them it has. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['assign', assign],
  [
    'scheduleActionsForRules',
    replaceChild('deviceComplianceScheduledActionForRules', 'scheduledActionsForRule', 200),
  ],
  ['setScheduledActions', replaceChild('scheduledActions', 'scheduledActionsForRule', 200)],
  ['targetApps', replaceChild('apps', 'apps', 204)],
  ['updateDefinitionValues', updateDefinitionValues],
  ['updateSettings', updateSettings],
  ['setPriority', setPriority],
  ['createInstance', createInstance],
  ['update', updatePolicySet],
]);

/** An action that replaces a child collection by the array under a key of the body. */
function replaceChild(key: string, name: string, status: 200 | 204): Action {
  return (writing, id) => {
    const stored = storedObject(writing, id);
    const body = bodyObject(writing);
    if (!Array.isArray(valueOf(body, key))) throw badRequest(`The parameter '${key}' is missing.`);
    const entries = entriesText(writing, id, name, objectsOf(body, key));
    save(writing, id, touched(withMember(stored, name, entries)));
    return { status, headers: {}, body: null };
  };
}

function updateDefinitionValues(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const body = bodyObject(writing);
  const deleted = new Set(elementsOf(body, 'deletedIds').map((each) => String(JSON.parse(each))));
  const updated = new Map(
    objectsOf(body, 'updated').map((value) => [stringOf(value, 'id') ?? '', value]),
  );
  const kept = objectsOf(stored, 'definitionValues')
    .filter((value) => !deleted.has(stringOf(value, 'id') ?? ''))
    .map((value) => mergeObjects(value, updated.get(stringOf(value, 'id') ?? '') ?? []));
  const all = [...kept, ...objectsOf(body, 'added')];
  const entries = entriesText(writing, id, 'definitionValues', all);
  save(writing, id, touched(withMember(stored, 'definitionValues', entries)));
  return { status: 204, headers: {}, body: null };
}

/** Settings of an intent are set by their definition; there is no way to remove one. */
function updateSettings(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const definitionOf = (setting: JsonObject): string => stringOf(setting, 'definitionId') ?? '';
  const given = objectsOf(bodyObject(writing), 'settings');
  const changed = new Set(given.map(definitionOf));
  const kept = objectsOf(stored, 'settings').filter((each) => !changed.has(definitionOf(each)));
  const entries = entriesText(writing, id, 'settings', [...kept, ...given]);
  save(writing, id, touched(withMember(stored, 'settings', entries)));
  return { status: 204, headers: {}, body: null };
}

function setPriority(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const priority = textOf(bodyObject(writing), 'priority');
  if (priority === undefined) throw badRequest("The parameter 'priority' is missing.");
  save(writing, id, touched(withMember(stored, 'priority', priority)));
  return { status: 200, headers: {}, body: null };
}

/** Makes an intent of a template; the templates themselves are Microsoft's, so any id will do. */
function createInstance(writing: Writing, templateId: string): GraphAnswer {
  const body = bodyObject(writing);
  const settings = textOf(body, 'settingsDelta') ?? '[]';
  const own = withoutMembers(body, ['settingsDelta']);
  const intent = withMember(
    withMember(own, 'templateId', JSON.stringify(templateId)),
    'settings',
    settings,
  );
  const target = { type: intents, rest: [], cast: null };
  const call = { ...writing.call, body: objectText(intent) };
  return { ...createObject({ ...writing, call, target }), status: 200 };
}

function updatePolicySet(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const body = bodyObject(writing);
  const deleted = new Set(
    elementsOf(body, 'deletedPolicySetItems').map((each) => String(JSON.parse(each))),
  );
  const updated = new Map(
    objectsOf(body, 'updatedPolicySetItems').map((item) => [stringOf(item, 'id') ?? '', item]),
  );
  const kept = objectsOf(stored, 'items')
    .filter((item) => !deleted.has(stringOf(item, 'id') ?? ''))
    .map((item) => mergeObjects(item, updated.get(stringOf(item, 'id') ?? '') ?? []));
  const items = entriesText(writing, id, 'items', [
    ...kept,
    ...objectsOf(body, 'addedPolicySetItems'),
  ]);
  const withItems = withMember(stored, 'items', items);
  const assigned =
    textOf(body, 'assignments') === undefined
      ? withItems
      : withMember(
          withItems,
          'assignments',
          entriesText(writing, id, 'assignments', objectsOf(body, 'assignments')),
        );
  save(writing, id, touched(assigned));
  return { status: 204, headers: {}, body: null };
}

function entriesText(
  writing: Writing,
  id: string,
  name: string,
  entries: readonly JsonObject[],
): string {
  const { type } = writing.target;
  const navigation: ChildCollection | undefined = type.children.find((each) => each.name === name);
  if (navigation === undefined) return arrayText(entries.map(objectText));
  return arrayText(
    entries.map((entry, index) => {
      return objectText(normalizeEntry(entry, navigation, id, index));
    }),
  );
}
