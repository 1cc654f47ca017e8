import { toGroup } from './sample-assignment.ts';
import { sampleBase } from './sample-base.ts';
import { groupId } from './sample-groups.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

const manage = '/deviceManagement';

/** The smallest possible PNG: one transparent pixel. */
const onePoint =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The user experience of a sample tenant: terms and conditions, branding, device categories, Cloud PCs. */
export function sampleExperience(profile: SampleProfile): SampleObject[] {
  return [terms(profile), ...branding(profile), ...categories(profile), ...cloudPcs(profile)];
}

function terms(profile: SampleProfile): SampleObject {
  return {
    path: `${manage}/termsAndConditions`,
    body: {
      ...sampleBase(profile, 'Terms of the device'),
      title: 'Terms of the device',
      bodyText: 'Keep it locked, and tell us when it is lost.',
      acceptanceStatement: 'I accept the terms.',
      version: 1,
      assignments: [toGroup(profile.tenantId, 'SG-Contractors')],
    },
  };
}

function branding({ prefix, tenantId }: SampleProfile): SampleObject[] {
  return [true, false].map((isDefaultProfile) => ({
    path: `${manage}/intuneBrandingProfiles`,
    body: {
      id: sampleId(tenantId, `branding:${isDefaultProfile}`),
      ...sampleDates,
      profileName: isDefaultProfile ? 'Default Branding Profile' : `${prefix} Kiosks`,
      profileDescription: isDefaultProfile ? null : 'For shared devices',
      isDefaultProfile,
      displayName: prefix,
      contactITEmailAddress: null,
      themeColor: { r: 0, g: 114, b: 198 },
      showLogo: isDefaultProfile,
      themeColorLogo: isDefaultProfile ? { type: 'image/png', value: onePoint } : null,
      lightBackgroundLogo: null,
      landingPageCustomizedImage: null,
      roleScopeTagIds: ['0'],
      assignments: isDefaultProfile ? [] : [toGroup(tenantId, 'SG-Kiosks')],
    },
  }));
}

function categories({ tenantId }: SampleProfile): SampleObject[] {
  return ['Office', 'Field', 'Kiosk'].map((displayName) => ({
    path: `${manage}/deviceCategories`,
    body: {
      id: sampleId(tenantId, `category:${displayName}`),
      displayName,
      description: '',
      roleScopeTagIds: ['0'],
    },
  }));
}

function cloudPcs({ prefix, tenantId }: SampleProfile): SampleObject[] {
  const target = {
    '@odata.type': '#microsoft.graph.cloudPcManagementGroupAssignmentTarget',
    groupId: groupId(tenantId, 'SG-Contractors'),
    servicePlanId: null,
  };
  return [
    {
      path: `${manage}/virtualEndpoint/provisioningPolicies`,
      body: {
        id: sampleId(tenantId, 'cloud pc'),
        displayName: `${prefix} Cloud PC`,
        description: '',
        imageId: 'microsoftwindowsdesktop_windows-ent-cpc_win11-24h2-ent-cpc-m365',
        imageDisplayName: 'Windows 11 Enterprise + Microsoft 365 Apps 24H2',
        imageType: 'gallery',
        provisioningType: 'dedicated',
        domainJoinConfigurations: [{ type: 'azureADJoin', regionName: 'automatic' }],
        windowsSetting: { locale: 'en-US' },
        assignments: [{ target }],
      },
    },
    {
      path: `${manage}/virtualEndpoint/userSettings`,
      body: {
        id: sampleId(tenantId, 'cloud pc users'),
        ...sampleDates,
        displayName: `${prefix} Cloud PC users`,
        localAdminEnabled: false,
        resetEnabled: true,
        selfServiceEnabled: false,
        restorePointSetting: { frequencyType: 'default', userRestoreEnabled: true },
        assignments: [{ target }],
      },
    },
  ];
}
