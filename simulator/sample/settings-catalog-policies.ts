import type { SettingValue } from './catalog-setting.ts';
import { catalogSetting } from './catalog-setting.ts';
import { edgeSettings, windowsBaselineSettings } from './catalog-settings-data.ts';
import { exceptGroup, toAllDevices, toGroup } from './sample-assignment.ts';
import { groupNames } from './sample-groups.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';

interface CatalogPolicy {
  readonly name: string;
  readonly description: string;
  readonly settings: readonly (readonly [string, SettingValue])[];
  readonly assignments: readonly unknown[];
  readonly platforms?: string;
  readonly technologies?: string;
}

/** More than one page of 25. */
const manyAssignments = 31;

/** The settings catalog policies of a sample tenant. */
export function settingsCatalogPolicies(tenantId: string): SampleObject[] {
  return catalogPolicies(tenantId).map((policy) => ({
    path: '/deviceManagement/configurationPolicies',
    body: {
      id: sampleId(tenantId, `configurationPolicy:${policy.name}`),
      name: policy.name,
      description: policy.description,
      platforms: policy.platforms ?? 'windows10',
      technologies: policy.technologies ?? 'mdm',
      ...sampleDates,
      creationSource: null,
      roleScopeTagIds: ['0'],
      priorityMetaData: null,
      templateReference: {
        templateId: '',
        templateFamily: 'none',
        templateDisplayName: null,
        templateDisplayVersion: null,
      },
      settings: policy.settings.map(([definition, value]) => catalogSetting(definition, value)),
      assignments: policy.assignments,
    },
  }));
}

function catalogPolicies(tenantId: string): CatalogPolicy[] {
  return [
    {
      name: 'Windows security baseline',
      description: 'The settings that every Windows device gets',
      settings: windowsBaselineSettings,
      assignments: [toAllDevices(), exceptGroup(tenantId, 'SG-Exclude-Windows')],
    },
    {
      name: 'Microsoft Edge for everyone',
      description: 'Browser settings, assigned group by group',
      settings: edgeSettings,
      assignments: groupNames
        .slice(0, manyAssignments)
        .map((name) => toGroup(tenantId, name)),
    },
  ];
}
