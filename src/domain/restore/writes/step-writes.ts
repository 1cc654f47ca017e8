import { isParsedObject, ownMember, type ParsedObject } from '#domain/json/parsed-object.ts';
import type { RestoreStep } from '#domain/policy-types/restore-rule.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { definitionValueWrites } from './definition-value-writes.ts';
import { elementWrites } from './element-writes.ts';
import { type Gap, listOf } from './gap.ts';
import { intentSettingWrites } from './intent-setting-writes.ts';
import { linkWrites } from './link-writes.ts';
import { roleAssignmentWrites } from './role-assignment-writes.ts';
import { odataType } from './writable-item.ts';
import { write } from './write.ts';

/** The writes of one step of a type's rule; empty if nothing differs. */
export function stepWrites(gap: Gap, step: RestoreStep): PlannedWrite[] {
  switch (step.step) {
    case 'postChild':
      return postChild(gap, step);
    case 'postProperty':
      return postProperty(gap, step);
    case 'postEach':
      return elementWrites(gap, step);
    case 'patchChild':
      return patchChild(gap, step.child);
    case 'targetApps':
      return targetApps(gap, step.child);
    case 'updateSettings':
      return intentSettingWrites(gap, step.child);
    case 'updateDefinitionValues':
      return definitionValueWrites(gap, step);
    case 'links':
      return linkWrites(gap, step.children);
    case 'roleAssignments':
      return roleAssignmentWrites(gap, step);
    case 'setPriority':
      return [];
  }
}

/** Sets the place in the order, after all other writes: `POST {item}/setPriority`. */
export function priorityWrites(gap: Gap): PlannedWrite[] {
  const isOrdered = gap.rule.steps.some(({ step }) => step === 'setPriority');
  if (!isOrdered || gap.inPlace) return [];
  return postProperty(gap, { action: 'setPriority', property: 'priority' });
}

function postChild(
  gap: Gap,
  { action, child, key }: Extract<RestoreStep, { step: 'postChild' }>,
): PlannedWrite[] {
  const { compare, desired, live, path } = gap;
  const wanted = listOf(desired, child);
  if (wanted === null) return [];
  const names = ['children', child];
  if (compare.same(names, [...wanted], [...(listOf(live, child) ?? [])])) return [];
  const elements = wanted.map((element) => compare.content(names, element));
  return [write(action, 'POST', `${path}/${action}`, { [key]: elements })];
}

function postProperty(
  { compare, desired, live, path }: Gap,
  { action, property }: { readonly action: string; readonly property: string },
): PlannedWrite[] {
  const wanted = ownMember(desired.item, property) ?? null;
  if (wanted === null) return [];
  if (compare.same(['item', property], wanted, ownMember(live.item, property))) return [];
  return [write(action, 'POST', `${path}/${action}`, { [property]: wanted })];
}

function patchChild({ compare, desired, live, path }: Gap, child: string): PlannedWrite[] {
  const names = ['children', child];
  const wanted = ownMember(desired.children, child);
  if (wanted === undefined || compare.same(names, wanted, ownMember(live.children, child))) {
    return [];
  }
  const body = { ...odataType(desired.item), [child]: compare.content(names, wanted) };
  return [write(child, 'PATCH', path, body)];
}

/** A policy names its apps by a group, or by a list. */
function targetApps({ compare, desired, live, path }: Gap, child: string): PlannedWrite[] {
  const wanted = listOf(desired, child);
  const group = ownMember(desired.item, 'appGroupType') ?? null;
  const sameApps =
    wanted === null ||
    compare.same(['children', child], [...wanted], [...(listOf(live, child) ?? [])]);
  const sameGroup =
    group === null ||
    compare.same(['item', 'appGroupType'], group, ownMember(live.item, 'appGroupType'));
  if (sameApps && sameGroup) return [];
  const apps = (wanted ?? listOf(live, child) ?? []).map(identifierAlone);
  const body: ParsedObject = group === null ? { apps } : { apps, appGroupType: group };
  return [write('targetApps', 'POST', `${path}/targetApps`, body)];
}

function identifierAlone(app: ParsedObject[string]): ParsedObject[string] {
  const identifier = isParsedObject(app) ? ownMember(app, 'mobileAppIdentifier') : undefined;
  return { mobileAppIdentifier: identifier ?? null };
}
