import * as access from './access.ts';
import * as apps from './apps.ts';
import * as devices from './device-policies.ts';
import * as enrollment from './enrollment.ts';
import * as foundations from './foundations.ts';
import type { ObjectMaker } from './object-maker.ts';
import { policySets } from './policy-sets.ts';
import { complianceScripts, scripts } from './scripts.ts';
import * as catalog from './settings-catalog.ts';
import * as templates from './templates.ts';

/** All kinds except the settings catalog, which gets its own half. Referenced kinds come first. */
export const otherMakers: readonly ObjectMaker[] = [
  foundations.roleScopeTags,
  foundations.assignmentFilters,
  foundations.notificationTemplates,
  foundations.roleDefinitions,
  foundations.deviceCategories,
  access.namedLocations,
  access.authenticationStrengths,
  access.authenticationContexts,
  access.termsOfUse,
  templates.admxFiles,
  catalog.reusableSettings,
  complianceScripts,
  apps.mobileApps,
  devices.deviceConfigurations,
  devices.deviceCompliancePolicies,
  catalog.compliancePolicies,
  catalog.inventoryPolicies,
  devices.hardwareConfigurations,
  ...devices.updateProfiles,
  ...scripts,
  templates.administrativeTemplates,
  templates.intents,
  ...apps.managedApps,
  apps.mobileAppConfigurations,
  enrollment.enrollmentConfigurations,
  ...enrollment.enrollment,
  access.conditionalAccessPolicies,
  policySets,
];
