import type { CollectionType } from './collection-type.ts';
import { child } from './child-collection.ts';
import { collection } from './collection-type.ts';

/** Collections without policies, requested by clients in every tenant: they exist, but are empty unless seeded. */
const paths: readonly (readonly [string, string])[] = [
  ['/deviceManagement/auditEvents', 'auditEvent'],
  ['/deviceManagement/complianceManagementPartners', 'complianceManagementPartner'],
  ['/deviceManagement/configurationCategories', 'deviceManagementConfigurationCategory'],
  ['/deviceManagement/configurationPolicyTemplates', 'deviceManagementConfigurationPolicyTemplate'],
  ['/deviceManagement/configurationSettings', 'deviceManagementConfigurationSettingDefinition'],
  ['/deviceManagement/deviceManagementPartners', 'deviceManagementPartner'],
  ['/deviceManagement/managedDevices', 'managedDevice'],
  ['/deviceManagement/remoteAssistancePartners', 'remoteAssistancePartner'],
  ['/deviceManagement/windowsAutopilotDeviceIdentities', 'windowsAutopilotDeviceIdentity'],
  ['/deviceAppManagement/vppTokens', 'vppToken'],
];

const inV1 = ['auditEvents', 'managedDevices', 'vppTokens'];

/** Apple's enrolment tokens, with their profiles. */
const depOnboardingSettings = collection(
  '/deviceManagement/depOnboardingSettings',
  'depOnboardingSetting',
  { dated: false, children: [child('enrollmentProfiles', { writable: true })] },
);

export const otherCollections: readonly CollectionType[] = [
  depOnboardingSettings,
  ...paths.map(([path, entity]) =>
    collection(path, entity, {
      inV1: inV1.some((name) => path.endsWith(name)),
      v1Omits: [],
      polymorphic: true,
      scopeTags: null,
      dated: false,
    }),
  ),
];
