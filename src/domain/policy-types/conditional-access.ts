import type { GroupIdRule, PolicyType, ReferenceRule } from './policy-type.ts';
import { expandedChild, restoredBy, usual } from './shared-rules.ts';

/** Common to the types of conditional access. Their lists return whole objects. */
const access = {
  ...usual,
  list: { query: null, builtInWhen: null },
  incremental: { by: 'wholeEntry', reason: 'the list gives all that there is to read' },
  readPermission: 'Policy.Read.All',
  writePermission: 'Policy.ReadWrite.ConditionalAccess',
} as const satisfies Partial<PolicyType>;

function named(within: string, property: string, policyType: string): ReferenceRule {
  return { within, when: null, property, prefixes: [], policyType };
}

function users(
  property: string,
  kind: GroupIdRule['kind'],
  whenUnmapped: GroupIdRule['whenUnmapped'],
): GroupIdRule {
  return { within: 'item.conditions.users', property, kind, whenUnmapped };
}

/** Conditional access policies. Their users are part of the policy, not assignments. */
const conditionalAccess: PolicyType = {
  ...access,
  type: 'conditionalAccess',
  displayName: 'Conditional access policy',
  collection: '/identity/conditionalAccess/policies',
  references: [
    named('item.conditions.locations', 'includeLocations', 'namedLocation'),
    named('item.conditions.locations', 'excludeLocations', 'namedLocation'),
    named('item.grantControls.authenticationStrength', 'id', 'authenticationStrength'),
    named('item.grantControls', 'termsOfUse', 'termsOfUse'),
    named(
      'item.conditions.applications',
      'includeAuthenticationContextClassReferences',
      'authenticationContext',
    ),
  ],
  groupIds: [
    users('includeGroups', 'group', 'leaveOut'),
    users('excludeGroups', 'group', 'block'),
    users('includeUsers', 'user', 'leaveOut'),
    users('excludeUsers', 'user', 'block'),
  ],
  restore: restoredBy({
    wave: 10,
    strip: ['templateId', 'deviceStates'],
    referredTo: ['grantControls.authenticationStrength'],
    guarded: { property: 'state', whenCreated: 'disabled', option: 'conditionalAccessState' },
  }),
};

/** Places by address or country. */
const namedLocation: PolicyType = {
  ...access,
  type: 'namedLocation',
  displayName: 'Named location',
  collection: '/identity/conditionalAccess/namedLocations',
  foundation: true,
  diff: { pairBy: [{ path: 'item.ipRanges', keys: ['cidrAddress'] }], volatile: [] },
  restore: restoredBy({ wave: 2 }),
};

/** Combinations of strong methods. Microsoft's own are the same in every tenant. */
const authenticationStrength: PolicyType = {
  ...access,
  type: 'authenticationStrength',
  displayName: 'Authentication strength',
  collection: '/identity/conditionalAccess/authenticationStrength/policies',
  list: { query: null, builtInWhen: { property: 'policyType', equals: 'builtIn' } },
  restore: restoredBy({
    wave: 2,
    strip: ['policyType', 'requirementsSatisfied'],
    stripOnUpdate: ['allowedCombinations'],
    steps: [
      {
        step: 'postProperty',
        action: 'updateAllowedCombinations',
        property: 'allowedCombinations',
      },
    ],
  }),
};

/** Contexts that applications may demand; every tenant has 25 of them, by number. */
const authenticationContext: PolicyType = {
  ...access,
  type: 'authenticationContext',
  displayName: 'Authentication context',
  collection: '/identity/conditionalAccess/authenticationContextClassReferences',
  restore: restoredBy({ wave: 2, create: { by: 'fixedId' } }),
};

/** Terms of use that users accept at sign-in, without the documents themselves. */
const termsOfUse: PolicyType = {
  ...access,
  type: 'termsOfUse',
  displayName: 'Terms of use',
  collection: '/identityGovernance/termsOfUse/agreements',
  children: [expandedChild('files')],
  incremental: { by: 'alwaysRead', reason: 'lists do not give the files' },
  diff: { pairBy: [{ path: 'children.files', keys: ['id'] }], volatile: [] },
  restore: null,
  readPermission: 'Agreement.Read.All',
  writePermission: 'Agreement.ReadWrite.All',
};

export const conditionalAccessTypes: readonly PolicyType[] = [
  conditionalAccess,
  namedLocation,
  authenticationStrength,
  authenticationContext,
  termsOfUse,
];
