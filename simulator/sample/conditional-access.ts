import { groupId } from './sample-groups.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

/** The Conditional Access of a sample tenant: a location, an enforced policy, and a report-only one. */
export function conditionalAccess({ country, prefix, tenantId }: SampleProfile): SampleObject[] {
  const locationId = sampleId(tenantId, 'namedLocation');
  const base = '/identity/conditionalAccess';
  return [
    {
      path: `${base}/namedLocations`,
      body: {
        '@odata.type': '#microsoft.graph.countryNamedLocation',
        id: locationId,
        createdDateTime: sampleDates.createdDateTime,
        modifiedDateTime: sampleDates.lastModifiedDateTime,
        displayName: `${prefix} Home country`,
        countriesAndRegions: [country],
        includeUnknownCountriesAndRegions: false,
        countryLookupMethod: 'clientIpAddress',
      },
    },
    ...(['enabled', 'enabledForReportingButNotEnforced'] as const).map((state) => ({
      path: `${base}/policies`,
      body: {
        id: sampleId(tenantId, `conditionalAccess:${state}`),
        createdDateTime: sampleDates.createdDateTime,
        modifiedDateTime: sampleDates.lastModifiedDateTime,
        displayName: `${prefix} ${state === 'enabled' ? 'Require MFA' : 'Block other countries'}`,
        state,
        templateId: null,
        conditions: {
          clientAppTypes: ['all'],
          applications: { includeApplications: ['All'], excludeApplications: [] },
          users: {
            includeUsers: ['All'],
            excludeUsers: [],
            includeGroups: [],
            excludeGroups: [groupId(tenantId, 'SG-Break-Glass')],
          },
          locations:
            state === 'enabled' ? null : { includeLocations: ['All'], excludeLocations: [locationId] },
        },
        grantControls: {
          operator: 'OR',
          builtInControls: [state === 'enabled' ? 'mfa' : 'block'],
          customAuthenticationFactors: [],
          termsOfUse: [],
        },
        sessionControls: null,
      },
    })),
  ];
}
