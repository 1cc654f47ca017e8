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

/** Conditional access keeps its lists in pages of this size. */
const pageSize = 20;

/** The dates of what has just been created. */
function justMade(): Readonly<Record<string, unknown>> {
  return { createdDateTime: new Date().toISOString(), modifiedDateTime: null };
}

function ofUsers(name: string, path: string) {
  return reference(`conditions/users/${name}`, path);
}

/** Conditional access policies; who they apply to is part of the policy. */
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

/** Places by address or country. */
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

/** The strengths that Microsoft brings along: they are the same everywhere and cannot be changed. */
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

/** Combinations of methods that count as strong. */
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

/** The other addresses under which the same strengths are known. */
export const authenticationStrengthViews: readonly CollectionType[] = [
  '/identity/conditionalAccess/authenticationStrengths/policies',
  '/policies/authenticationStrengthPolicies',
].map((path) => ({ ...authenticationStrengths, path }));

/** Contexts that applications ask for; their ids, `c1` to `c25`, are there to be taken. */
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

/** Agreements that users accept at sign-in. */
export const termsOfUse = collection(agreementsPath, 'agreement', {
  ...policy,
  checkDelete: refuseWhileInUse('The agreement is used by a conditional access policy'),
  dated: false,
  children: [
    child('files', { createdWithParent: true }),
    child('file', { single: true, children: [child('localizations')] }),
  ],
  // The file of an agreement is the default one of its languages.
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
