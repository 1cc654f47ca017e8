import { groupId } from './groups.ts';
import { danglingId, idOfOther, maker, type Making } from './object-maker.ts';

const base = '/identity/conditionalAccess';
/** Conditional access answers one request a second, so a test's tenant does not have hundreds of its objects. */
const countMax = 24;

function modified({ index }: Making) {
  return {
    createdDateTime: '2025-06-01T07:00:00Z',
    modifiedDateTime: index % 2 === 0 ? null : '2026-06-01T07:00:00Z',
  };
}

/** Named locations by address or country. */
export const namedLocations = maker(
  `${base}/namedLocations`,
  'Place',
  1,
  (making) => ({
    ...(making.index % 2 === 0
      ? {
          '@odata.type': '#microsoft.graph.countryNamedLocation',
          countriesAndRegions: ['CH', 'DE'],
          includeUnknownCountriesAndRegions: false,
          countryLookupMethod: 'clientIpAddress',
        }
      : {
          '@odata.type': '#microsoft.graph.ipNamedLocation',
          isTrusted: true,
          ipRanges: [
            {
              '@odata.type': '#microsoft.graph.iPv4CidrRange',
              cidrAddress: `10.${making.index}.0.0/16`,
            },
          ],
        }),
    ...modified(making),
    displayName: making.name,
  }),
  { countMax },
);

/** Combinations of methods with the rank of strong authentication. */
export const authenticationStrengths = maker(
  `${base}/authenticationStrength/policies`,
  'Strength',
  1,
  (making) => ({
    ...modified(making),
    displayName: making.name.slice(0, 30),
    description: '',
    policyType: 'custom',
    requirementsSatisfied: 'mfa',
    allowedCombinations: ['fido2', 'windowsHelloForBusiness'],
  }),
  { countMax: 12, uniqueNames: true },
);

/** Authentication contexts for applications; their ids are fixed. */
export const authenticationContexts = maker(
  `${base}/authenticationContextClassReferences`,
  'Context',
  1,
  (making) => ({ displayName: making.name, description: 'Asked for by an app', isAvailable: true }),
  { idForm: ({ index }) => `c${index + 1}`, countMax: 25 },
);

/** Agreements for users to accept at sign-in. */
export const termsOfUse = maker(
  '/identityGovernance/termsOfUse/agreements',
  'Agreement',
  1,
  (making) => ({
    displayName: making.name,
    isPerDeviceAcceptanceRequired: false,
    isViewingBeforeAcceptanceRequired: true,
    termsExpiration: null,
    userReacceptRequiredFrequency: null,
    files: [
      {
        id: `${making.id.slice(0, -4)}f11e`,
        fileName: 'terms.pdf',
        language: 'en-GB',
        isDefault: true,
      },
    ],
  }),
  { countMax: 12 },
);

/** The condition of a policy: any application, or an authentication context. */
function applications(making: Making) {
  const context = idOfOther(making, authenticationContexts, making.index);
  return context === null || making.index % 5 !== 2
    ? { includeApplications: ['All'] }
    : { includeApplications: [], includeAuthenticationContextClassReferences: [context] };
}

/** Conditional access policies; some refer to a deleted location. */
export const conditionalAccessPolicies = maker(
  `${base}/policies`,
  'Access',
  1,
  (making) => {
    const place = making.dangles
      ? danglingId(making)
      : idOfOther(making, namedLocations, making.index);
    const strength = idOfOther(making, authenticationStrengths, making.index);
    const terms = idOfOther(making, termsOfUse, making.index);
    return {
      ...modified(making),
      displayName: making.name,
      state: making.index % 3 === 0 ? 'enabledForReportingButNotEnforced' : 'disabled',
      templateId: null,
      conditions: {
        clientAppTypes: ['all'],
        applications: { excludeApplications: [], ...applications(making) },
        users: {
          includeUsers: [],
          excludeUsers: [],
          includeGroups: [groupId(making.seed, making.index)],
          excludeGroups: [groupId(making.seed, making.index + 1)],
        },
        locations: place === null ? null : { includeLocations: ['All'], excludeLocations: [place] },
      },
      grantControls: {
        operator: 'OR',
        builtInControls: making.index % 2 === 0 ? ['mfa'] : [],
        customAuthenticationFactors: [],
        termsOfUse: terms === null || making.index % 4 !== 1 ? [] : [terms],
        ...(making.index % 2 === 1 && strength !== null
          ? { authenticationStrength: { id: strength } }
          : {}),
      },
      sessionControls: null,
    };
  },
  { countMax },
);
