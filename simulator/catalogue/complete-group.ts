import type { JsonObject } from '../json/object.ts';
import { mergeObjects, objectOf, stringOf } from '../json/object.ts';

/** Adds the properties of every directory group; given values stay. */
export function completeGroup(group: JsonObject): JsonObject {
  const displayName = stringOf(group, 'displayName') ?? '';
  const usual = objectOf({
    createdDateTime: '2026-01-12T08:00:00Z',
    description: null,
    displayName,
    groupTypes: [],
    mail: null,
    mailEnabled: false,
    mailNickname: displayName.replace(/[^A-Za-z0-9]/g, ''),
    membershipRule: null,
    membershipRuleProcessingState: null,
    onPremisesSyncEnabled: null,
    securityEnabled: true,
    visibility: null,
  });
  return mergeObjects(usual, group);
}
