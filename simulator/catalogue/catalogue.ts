import * as templates from './administrative-templates.ts';
import * as approvals from './approvals.ts';
import * as apps from './apps.ts';
import type { CollectionType } from './collection-type.ts';
import * as compliance from './compliance.ts';
import * as access from './conditional-access.ts';
import * as configuration from './device-configuration.ts';
import * as directory from './directory.ts';
import * as enrollment from './enrollment.ts';
import * as foundations from './foundations.ts';
import * as intents from './intents.ts';
import { otherCollections } from './other-collections.ts';
import * as roles from './roles.ts';
import * as scripts from './scripts.ts';
import * as settings from './settings-catalog.ts';

/** All collections with an entry. Others behave like `genericType`. */
export const catalogue: readonly CollectionType[] = [
  settings.settingsCatalog,
  settings.compliancePoliciesV2,
  settings.inventoryPolicies,
  settings.reusablePolicySettings,
  configuration.deviceConfigurations,
  configuration.hardwareConfigurations,
  configuration.windowsFeatureUpdateProfiles,
  configuration.windowsQualityUpdateProfiles,
  configuration.windowsQualityUpdatePolicies,
  configuration.windowsDriverUpdateProfiles,
  compliance.deviceCompliancePolicies,
  compliance.deviceComplianceScripts,
  templates.groupPolicyConfigurations,
  templates.groupPolicyDefinitions,
  templates.groupPolicyUploadedDefinitionFiles,
  intents.intents,
  intents.templates,
  scripts.deviceManagementScripts,
  scripts.deviceShellScripts,
  scripts.deviceCustomAttributeShellScripts,
  scripts.deviceHealthScripts,
  enrollment.windowsAutopilotDeploymentProfiles,
  enrollment.deviceEnrollmentConfigurations,
  enrollment.notificationMessageTemplates,
  enrollment.termsAndConditions,
  enrollment.appleUserInitiatedEnrollmentProfiles,
  enrollment.intuneBrandingProfiles,
  enrollment.provisioningPolicies,
  enrollment.cloudPcUserSettings,
  apps.managedAppPolicies,
  ...apps.managedAppTypes,
  apps.mobileAppConfigurations,
  apps.mobileApps,
  apps.policySets,
  foundations.assignmentFilters,
  foundations.roleScopeTags,
  roles.roleDefinitions,
  roles.roleAssignments,
  approvals.operationApprovalPolicies,
  approvals.operationApprovalRequests,
  foundations.deviceCategories,
  ...otherCollections,
  access.conditionalAccessPolicies,
  access.namedLocations,
  access.authenticationStrengths,
  ...access.authenticationStrengthViews,
  access.authenticationContexts,
  access.termsOfUse,
  directory.groups,
  directory.users,
  directory.organization,
];
