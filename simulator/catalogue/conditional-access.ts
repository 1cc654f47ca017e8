import type { JsonObject } from '../json/object.ts';
import {
  member,
  mergeObjects,
  objectOf,
  objectsOf,
  objectText,
  stringOf,
  textOf,
  withMember,
} from '../json/object.ts';
import { child } from './child-collection.ts';
import type { CollectionType } from './collection-type.ts';
import { collection } from './collection-type.ts';
import { refuseWhileInUse } from './in-use.ts';
import { reference } from './reference.ts';

const base = '/identity/conditionalAccess';
const locationsPath = `${base}/namedLocations`;
const strengthsPath = `${base}/authenticationStrength/policies`;
const contextsPath = `${base}/authenticationContextClassReferences`;
const agreementsPath = '/identityGovernance/termsOfUse/agreements';

const policy = {
  inV1: true,
  v1Omits: [],
  scopeTags: null,
  deleteStatus: 204,
  service: 'policy',
} as const;

/** Conditional Access serves lists in pages of 20. */
const pageSize = 20;

/** The dates of a new object. */
function justMade(): Readonly<Record<string, unknown>> {
  return { createdDateTime: new Date().toISOString(), modifiedDateTime: null };
}

function ofUsers(name: string, path: string) {
  return reference(`conditions/users/${name}`, path);
}

/** Conditional Access policies; their users and groups are part of the policy. */
export const conditionalAccessPolicies = collection(`${base}/policies`, 'conditionalAccessPolicy', {
  ...policy,
  references: [
    ...['includeGroups', 'excludeGroups'].map((name) => ofUsers(name, '/groups')),
    ...['includeUsers', 'excludeUsers'].map((name) => ofUsers(name, '/users')),
    reference('conditions/locations/includeLocations', locationsPath),
    reference('conditions/locations/excludeLocations', locationsPath),
    reference('conditions/applications/includeAuthenticationContextClassReferences', contextsPath),
    reference('grantControls/authenticationStrength/id', strengthsPath),
    reference('grantControls/termsOfUse', agreementsPath),
  ],
  pageSize,
  dated: false,
  update: { method: 'PATCH', status: 204 },
  initial: (body) => mergeObjects(body, objectOf(justMade())),
});

/** Locations by IP range or country. */
export const namedLocations = collection(locationsPath, 'namedLocation', {
  ...policy,
  abstract: true,
  checkDelete: refuseWhileInUse('The named location is referenced by a policy'),
  pageSize,
  dated: false,
  polymorphic: true,
  update: { method: 'PATCH', status: 204 },
  initial: (body) => mergeObjects(body, objectOf(justMade())),
});

/** Microsoft's own strengths: the same in every tenant, and unchangeable. */
const builtInStrengths = [
  ['2', 'Multifactor authentication', 'password,microsoftAuthenticatorPush'],
  ['3', 'Passwordless MFA', 'windowsHelloForBusiness'],
  ['4', 'Phishing-resistant MFA', 'fido2'],
].map(([digit, displayName, combination]) =>
  objectOf({
    id: `00000000-0000-0000-0000-00000000000${digit}`,
    createdDateTime: '2021-12-01T08:00:00Z',
    modifiedDateTime: '2021-12-01T08:00:00Z',
    displayName,
    description: 'Built in',
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations: [combination],
  }),
);

function refuseBuiltIn(stored: JsonObject): string | null {
  return stringOf(stored, 'policyType') === 'builtIn'
    ? 'A built-in authentication strength cannot be changed'
    : null;
}

const madeStrength = { policyType: 'custom', requirementsSatisfied: 'mfa' };

const refuseUsedStrength = refuseWhileInUse('The authentication strength is used by a policy');

/** Combinations of sign-in methods accepted as strong. */
export const authenticationStrengths = collection(strengthsPath, 'authenticationStrengthPolicy', {
  ...policy,
  dated: false,
  uniqueBy: 'displayName',
  derived: () => builtInStrengths,
  initial: (body) => mergeObjects(body, objectOf({ ...madeStrength, ...justMade() })),
  checkUpdate: (_given, stored) => refuseBuiltIn(stored),
  checkDelete: (stored, tenant) => refuseBuiltIn(stored) ?? refuseUsedStrength(stored, tenant),
  unpatchable: ['allowedCombinations', 'policyType', 'requirementsSatisfied'],
  actions: ['updateAllowedCombinations'],
});

/** Other paths of the same strengths. */
export const authenticationStrengthViews: readonly CollectionType[] = [
  '/identity/conditionalAccess/authenticationStrengths/policies',
  '/policies/authenticationStrengthPolicies',
].map((path) => ({ ...authenticationStrengths, path }));

/** Contexts requested by applications; clients choose an id from `c1` to `c25`. */
export const authenticationContexts = collection(
  contextsPath,
  'authenticationContextClassReference',
  {
    ...policy,
    dated: false,
    chosenIds: /^c(?:[1-9]|1\d|2[0-5])$/,
    update: { method: 'PATCH', status: 204 },
  },
);

/** Terms users accept at sign-in. */
export const termsOfUse = collection(agreementsPath, 'agreement', {
  ...policy,
  checkDelete: refuseWhileInUse('The agreement is used by a conditional access policy'),
  dated: false,
  children: [
    child('files', { createdWithParent: true }),
    child('file', { single: true, children: [child('localizations')] }),
  ],
  // `file` is the first of the agreement's language files.
  presentAlone: (body) =>
    withMember(
      body,
      'file',
      objectText([
        ...(objectsOf(body, 'files')[0] ?? []),
        member('localizations', textOf(body, 'files') ?? '[]'),
      ]),
    ),
  checkCreate: (body) =>
    objectsOf(body, 'files').length > 0 ? null : 'An agreement must have at least one file',
});
