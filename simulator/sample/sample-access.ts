import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

const base = '/identity/conditionalAccess';

/**
 * Other parts used by Conditional Access: an authentication strength, an authentication context, and terms of use.
 */
export function sampleAccess({ prefix, tenantId }: SampleProfile): SampleObject[] {
  return [
    {
      path: `${base}/authenticationStrength/policies`,
      body: {
        id: sampleId(tenantId, 'strength'),
        createdDateTime: sampleDates.createdDateTime,
        modifiedDateTime: sampleDates.lastModifiedDateTime,
        displayName: `${prefix} Keys only`,
        description: 'FIDO2 security keys',
        policyType: 'custom',
        requirementsSatisfied: 'mfa',
        allowedCombinations: ['fido2'],
      },
    },
    {
      path: `${base}/authenticationContextClassReferences`,
      body: {
        id: 'c1',
        displayName: `${prefix} Payroll`,
        description: 'Asked for by the payroll application',
        isAvailable: true,
      },
    },
    {
      path: '/identityGovernance/termsOfUse/agreements',
      body: {
        id: sampleId(tenantId, 'agreement'),
        displayName: `${prefix} Guest terms`,
        isPerDeviceAcceptanceRequired: false,
        isViewingBeforeAcceptanceRequired: true,
        termsExpiration: null,
        userReacceptRequiredFrequency: null,
        files: [
          {
            id: sampleId(tenantId, 'agreement file'),
            fileName: 'terms.pdf',
            displayName: 'Guest terms',
            language: 'en-GB',
            isDefault: true,
            createdDateTime: sampleDates.createdDateTime,
          },
        ],
      },
    },
  ];
}
