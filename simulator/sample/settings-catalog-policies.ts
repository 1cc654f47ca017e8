import type { SettingValue } from './catalog-setting.ts';
import { catalogSetting } from './catalog-setting.ts';
import {
  edgeSettings,
  fileVaultSettings,
  settingsOfArea,
  windowsAreaNames,
  windowsBaselineSettings,
} from './catalog-settings-data.ts';
import { exceptGroup, toAllDevices, toAllUsers, toGroup } from './sample-assignment.ts';
import { filterOf } from './sample-foundations.ts';
import { groupNames } from './sample-groups.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

interface CatalogPolicy {
  readonly name: string;
  readonly description: string;
  readonly settings: readonly (readonly [string, SettingValue])[];
  readonly assignments: readonly unknown[];
  readonly platforms?: string;
  readonly technologies?: string;
  readonly scopeTags?: readonly string[];
  readonly family?: string;
}

/** More than one page of 25. */
const manyAssignments = 31;

/** The settings catalog policies of a sample tenant. */
export function settingsCatalogPolicies(profile: SampleProfile): SampleObject[] {
  return catalogPolicies(profile).map((policy) => ({
    path: '/deviceManagement/configurationPolicies',
    body: {
      id: sampleId(profile.tenantId, `configurationPolicy:${policy.name}`),
      name: `${profile.prefix} ${policy.name}`,
      description: policy.description,
      platforms: policy.platforms ?? 'windows10',
      technologies: policy.technologies ?? 'mdm',
      ...sampleDates,
      creationSource: null,
      roleScopeTagIds: policy.scopeTags ?? ['0'],
      priorityMetaData: null,
      templateReference: {
        templateId: '',
        templateFamily: policy.family ?? 'none',
        templateDisplayName: null,
        templateDisplayVersion: null,
      },
      settings: policy.settings.map(([definition, value]) => catalogSetting(definition, value)),
      assignments: policy.assignments,
    },
  }));
}

function catalogPolicies(profile: SampleProfile): CatalogPolicy[] {
  const { tenantId } = profile;
  return [
    {
      name: 'Windows security baseline',
      description: 'The settings that every Windows device gets',
      settings: windowsBaselineSettings,
      assignments: [
        toAllDevices(filterOf(tenantId, 'Corporate Windows')),
        exceptGroup(tenantId, 'SG-Exclude-Windows'),
      ],
    },
    {
      name: 'Microsoft Edge for everyone',
      description: 'Browser settings, assigned group by group',
      settings: edgeSettings,
      assignments: groupNames.slice(0, manyAssignments).map((name) => toGroup(tenantId, name)),
    },
    {
      name: 'FileVault',
      description: 'Disk encryption for macOS',
      settings: fileVaultSettings,
      assignments: [toGroup(tenantId, 'SG-Devices-macOS-Broad')],
      platforms: 'macOS',
      technologies: 'mdm,appleRemoteManagement',
    },
    ...windowsAreaNames.map((area, index) => areaPolicy(profile, area, index)),
  ];
}

/** One policy per Windows area, typical of administrators on their way from a baseline. */
function areaPolicy({ tenantId, sites }: SampleProfile, area: string, index: number): CatalogPolicy {
  const assignments = [
    [toAllUsers()],
    [toGroup(tenantId, 'SG-Devices-Windows-Pilot', filterOf(tenantId, 'Windows laptops'))],
    [toGroup(tenantId, 'SG-Devices-Windows-Broad'), exceptGroup(tenantId, 'SG-Kiosks')],
    [],
  ];
  return {
    name: `Windows ${area}`,
    description: `Settings of ${area} for ${sites[index % sites.length] ?? 'all sites'}`,
    settings: settingsOfArea(area),
    assignments: assignments[index % assignments.length] ?? [],
    scopeTags: index % 2 === 0 ? ['0'] : ['0', String((index % sites.length) + 1)],
    family: area === 'defender' ? 'endpointSecurityAntivirus' : 'none',
    technologies: area === 'defender' ? 'mdm,microsoftSense' : 'mdm',
  };
}
