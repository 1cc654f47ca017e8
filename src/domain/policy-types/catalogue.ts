import * as templates from './administrative-templates.ts';
import * as protection from './app-protection.ts';
import * as apps from './apps.ts';
import * as cloudPcs from './cloud-pcs.ts';
import * as compliance from './compliance.ts';
import * as access from './conditional-access.ts';
import * as configuration from './device-configuration.ts';
import * as enrollment from './enrollment.ts';
import * as foundations from './foundations.ts';
import * as intents from './intents.ts';
import * as sets from './policy-sets.ts';
import type { PolicyType } from './policy-type.ts';
import * as scripts from './scripts.ts';
import * as settings from './settings-catalog.ts';
import * as updates from './windows-updates.ts';

/** Every type that is listed and captured, in the order in which they are shown. */
export const policyTypes: readonly PolicyType[] = [
  settings.settingsCatalogPolicy,
  settings.inventoryPolicy,
  settings.reusableSetting,
  configuration.deviceConfiguration,
  configuration.hardwareConfiguration,
  templates.administrativeTemplate,
  templates.admxFile,
  intents.endpointSecurityIntent,
  compliance.compliancePolicy,
  compliance.compliancePolicyV2,
  compliance.complianceScript,
  updates.windowsFeatureUpdate,
  updates.windowsQualityUpdateProfile,
  updates.windowsQualityUpdatePolicy,
  updates.windowsDriverUpdate,
  scripts.powershellScript,
  scripts.shellScript,
  scripts.customAttribute,
  scripts.remediation,
  enrollment.autopilotProfile,
  enrollment.enrollmentConfiguration,
  enrollment.appleUserEnrollment,
  enrollment.appleEnrollmentProgram,
  enrollment.termsAndConditions,
  enrollment.deviceCategory,
  enrollment.intuneBranding,
  protection.iosAppProtection,
  protection.androidAppProtection,
  protection.windowsAppProtection,
  protection.mdmWindowsInformationProtection,
  protection.windowsInformationProtection,
  protection.defaultAppProtection,
  apps.appConfigManagedApp,
  apps.appConfigManagedDevice,
  apps.mobileApp,
  sets.policySet,
  foundations.assignmentFilter,
  foundations.scopeTag,
  foundations.roleDefinition,
  foundations.notificationTemplate,
  access.conditionalAccess,
  access.namedLocation,
  access.authenticationStrength,
  access.authenticationContext,
  access.termsOfUse,
  cloudPcs.cloudPcProvisioningPolicy,
  cloudPcs.cloudPcUserSetting,
];

const byKey: ReadonlyMap<string, PolicyType> = new Map(
  policyTypes.map((policyType) => [policyType.type, policyType]),
);

/** Takes the key of a policy type, returns its entry, or undefined when there is no such type. */
export function findPolicyType(type: string): PolicyType | undefined {
  return byKey.get(type);
}
