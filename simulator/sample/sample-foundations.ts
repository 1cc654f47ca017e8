import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';
import type { SampleFilter } from './sample-assignment.ts';

/** The filters of a sample tenant: name, platform, rule. */
const filters = [
  ['Corporate Windows', 'windows10AndLater', '(device.deviceOwnership -eq "Corporate")'],
  ['Windows laptops', 'windows10AndLater', '(device.model -startsWith "Latitude")'],
  ['Supervised iPads', 'iOS', '(device.model -contains "iPad") and (device.isSupervised -eq "True")'],
  ['Personal Android', 'androidForWork', '(device.deviceOwnership -eq "Personal")'],
] as const;

/** Returns a filter in an assignment's form. */
export function filterOf(
  tenantId: string,
  name: (typeof filters)[number][0],
  type: SampleFilter['type'] = 'include',
): SampleFilter {
  return { id: sampleId(tenantId, `filter:${name}`), type };
}

/** The objects other policies refer to: scope tags (one per site), filters and a notification. */
export function sampleFoundations(profile: SampleProfile): SampleObject[] {
  return [...scopeTags(profile), ...assignmentFilters(profile), notificationTemplate(profile)];
}

/** Returns the id of the tenant's notification template. */
export function notificationId(tenantId: string): string {
  return sampleId(tenantId, 'notification:Device out of compliance');
}

function scopeTags({ sites }: SampleProfile): SampleObject[] {
  return sites.map((displayName, index) => ({
    path: '/deviceManagement/roleScopeTags',
    body: {
      id: String(index + 1),
      displayName,
      description: `Objects that the administrators of ${displayName} may see`,
      isBuiltIn: false,
      permissions: [],
      assignments: [],
    },
  }));
}

function assignmentFilters({ tenantId }: SampleProfile): SampleObject[] {
  return filters.map(([displayName, platform, rule]) => ({
    path: '/deviceManagement/assignmentFilters',
    body: {
      id: filterOf(tenantId, displayName).id,
      ...sampleDates,
      displayName,
      description: null,
      platform,
      rule,
      roleScopeTags: ['0'],
      assignmentFilterManagementType: 'devices',
    },
  }));
}

function notificationTemplate({ tenantId, prefix }: SampleProfile): SampleObject {
  const messages: readonly (readonly [string, string, string, boolean])[] = [
    ['en-us', 'Your device needs attention', 'Please open the Company Portal and follow it.', true],
    ['de-de', 'Ihr Gerät braucht Sie', 'Bitte öffnen Sie das Unternehmensportal.', false],
  ];
  return {
    path: '/deviceManagement/notificationMessageTemplates',
    body: {
      id: notificationId(tenantId),
      ...sampleDates,
      displayName: `${prefix} Device out of compliance`,
      description: null,
      defaultLocale: 'en-us',
      brandingOptions: 'includeCompanyLogo,includeCompanyName',
      roleScopeTagIds: ['0'],
      localizedNotificationMessages: messages.map(([locale, subject, text, isDefault]) => ({
        id: `${notificationId(tenantId)}_${locale}`,
        lastModifiedDateTime: sampleDates.lastModifiedDateTime,
        locale,
        subject,
        messageTemplate: text,
        isDefault,
      })),
    },
  };
}
