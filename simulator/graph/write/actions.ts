import { intents } from '../../catalogue/intents.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  elementsOf,
  isObjectText,
  member,
  mergeObjects,
  objectText,
  objectsOf,
  parseObject,
  stringOf,
  textOf,
  valueOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import { decideAs } from '../approval/decide.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import { assign } from './assign.ts';
import { checkReferences } from './check-references.ts';
import { createObject } from './create.ts';
import { entriesText } from './entries-text.ts';
import { updatePolicySet } from './policy-set.ts';
import { setPriority } from './set-priority.ts';
import { touched } from './touched.ts';
import { deleteObject } from './update.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

type Action = (writing: Writing, id: string) => GraphAnswer;

/** All actions by segment name; a type's entry lists its own. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['assign', assign],
  [
    'scheduleActionsForRules',
    replaceChild('deviceComplianceScheduledActionForRules', 'scheduledActionsForRule', 200),
  ],
  ['setScheduledActions', replaceChild('scheduledActions', 'scheduledActionsForRule', 200)],
  [
    'windowsPrivacyAccessControls',
    replaceChild('windowsPrivacyAccessControls', 'privacyAccessControls', 200),
  ],
  ['targetApps', targetApps],
  ['updateDefinitionValues', updateDefinitionValues],
  ['updateSettings', updateSettings],
  ['updateAllowedCombinations', updateAllowedCombinations],
  ['setPriority', setPriority],
  ['createInstance', createInstance],
  ['update', updatePolicySet],
  ['remove', removeObject],
  ['approve', decideAs('approved')],
  ['reject', decideAs('rejected')],
]);

/** Creates an action to replace a child collection by an array in the body. */
function replaceChild(key: string, name: string, status: 200 | 204): Action {
  return (writing, id) => {
    const stored = storedObject(writing, id);
    const body = bodyObject(writing);
    if (!Array.isArray(valueOf(body, key))) throw badRequest(`The parameter '${key}' is missing.`);
    const entries = entriesText(writing, id, name, objectsOf(body, key));
    checkReferences(writing, [member(name, entries)]);
    const changed = withMember(stored, name, entries);
    const complaint = writing.target.type.checkBelow(changed);
    if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
    save(writing, id, touched(changed));
    return { status, headers: {}, body: null };
  };
}

/** Sets the apps of a policy: a named group of apps, or a list. */
function targetApps(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const body = bodyObject(writing);
  if (!Array.isArray(valueOf(body, 'apps'))) throw badRequest("The parameter 'apps' is missing.");
  const apps = entriesText(writing, id, 'apps', objectsOf(body, 'apps').map(withAppId));
  const group = textOf(body, 'appGroupType');
  const grouped = group === undefined ? stored : withMember(stored, 'appGroupType', group);
  save(writing, id, touched(withMember(grouped, 'apps', apps)));
  return { status: 204, headers: {}, body: null };
}

/** Adds Intune's id of an app entry: its bundle or package, and the platform. */
function withAppId(app: JsonObject): JsonObject {
  const text = textOf(app, 'mobileAppIdentifier') ?? '{}';
  const identifier = isObjectText(text) ? parseObject(text) : [];
  const found = appIdKeys.find(([key]) => stringOf(identifier, key) !== undefined);
  if (found === undefined) return app;
  const [key, platform] = found;
  return withMember(app, 'id', JSON.stringify(`${stringOf(identifier, key)}.${platform}`));
}

const appIdKeys = [
  ['bundleId', 'ios'],
  ['packageId', 'android'],
  ['windowsAppId', 'windows'],
] as const;

/** Sets an authentication strength's combinations; a PATCH cannot. */
function updateAllowedCombinations(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const { type } = writing.target;
  const combinations = textOf(bodyObject(writing), 'allowedCombinations');
  if (combinations?.trim().startsWith('[') !== true) {
    throw badRequest("The parameter 'allowedCombinations' is missing.");
  }
  const complaint = type.checkUpdate([], stored);
  if (complaint !== null) throw badRequest(complaint);
  save(writing, id, touched(withMember(stored, 'allowedCombinations', combinations)));
  return { status: 200, headers: {}, body: '{"currentCombinations":' + combinations + '}' };
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
  const added = objectsOf(body, 'added');
  const { type } = writing.target;
  for (const value of [...added, ...updated.values()]) {
    const complaint = type.checkEntry(stored, 'definitionValues', value, tenantOf(writing));
    if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  }
  const entries = entriesText(writing, id, 'definitionValues', [...kept, ...added]);
  save(writing, id, touched(withMember(stored, 'definitionValues', entries)));
  return { status: 204, headers: {}, body: null };
}

/** Sets settings of an intent by definition; no call removes one. */
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

/** Creates an intent from a template. Templates belong to Microsoft, so any template id is accepted. */
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

/** Removes an uploaded file; Intune has an action for it. */
function removeObject(writing: Writing, id: string): GraphAnswer {
  deleteObject(writing, id);
  return { status: 204, headers: {}, body: null };
}
