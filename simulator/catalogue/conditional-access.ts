import { child, collection } from './collection-type.ts';

const policy = {
  inV1: true,
  v1Omits: [],
  scopeTags: null,
  deleteStatus: 204,
  service: 'policy',
} as const;

/** Conditional access keeps its lists in pages of this size. */
const pageSize = 20;

/** Conditional access policies; who they apply to is part of the policy. */
export const conditionalAccessPolicies = collection(
  '/identity/conditionalAccess/policies',
  'conditionalAccessPolicy',
  { ...policy, pageSize, dated: false, update: { method: 'PATCH', status: 204 } },
);

/** Places by address or country. */
export const namedLocations = collection(
  '/identity/conditionalAccess/namedLocations',
  'namedLocation',
  {
    ...policy,
    pageSize,
    dated: false,
    polymorphic: true,
    update: { method: 'PATCH', status: 204 },
  },
);

/** Combinations of methods that count as strong. */
export const authenticationStrengths = collection(
  '/identity/conditionalAccess/authenticationStrength/policies',
  'authenticationStrengthPolicy',
  { ...policy, dated: false },
);

/** Contexts that applications ask for, `c1` to `c25`. */
export const authenticationContexts = collection(
  '/identity/conditionalAccess/authenticationContextClassReferences',
  'authenticationContextClassReference',
  { ...policy, dated: false, update: { method: 'PATCH', status: 204 } },
);

/** Agreements that users accept at sign-in. */
export const termsOfUse = collection('/identityGovernance/termsOfUse/agreements', 'agreement', {
  ...policy,
  dated: false,
  children: [child('files', { createdWithParent: true })],
});
