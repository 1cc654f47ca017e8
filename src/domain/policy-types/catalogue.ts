import { administrativeTemplateTypes } from './administrative-templates.ts';
import { appProtectionTypes } from './app-protection.ts';
import { appTypes } from './apps.ts';
import { cloudPcTypes } from './cloud-pcs.ts';
import { complianceTypes } from './compliance.ts';
import { conditionalAccessTypes } from './conditional-access.ts';
import { deviceConfigurationTypes } from './device-configuration.ts';
import { enrollmentTypes } from './enrollment.ts';
import { foundationTypes } from './foundations.ts';
import { intentTypes } from './intents.ts';
import { policySetTypes } from './policy-sets.ts';
import type { PolicyType } from './policy-type.ts';
import { scriptTypes } from './scripts.ts';
import { settingsCatalogTypes } from './settings-catalog.ts';
import { windowsUpdateTypes } from './windows-updates.ts';

/**
 * Every listed and captured type, in the API's order. A further type is an entry in the file of its group and a place
 * in the list at the end of the same file.
 */
export const policyTypes: readonly PolicyType[] = [
  ...settingsCatalogTypes,
  ...deviceConfigurationTypes,
  ...administrativeTemplateTypes,
  ...intentTypes,
  ...complianceTypes,
  ...windowsUpdateTypes,
  ...scriptTypes,
  ...enrollmentTypes,
  ...appProtectionTypes,
  ...appTypes,
  ...policySetTypes,
  ...foundationTypes,
  ...conditionalAccessTypes,
  ...cloudPcTypes,
];

const byKey: ReadonlyMap<string, PolicyType> = new Map(
  policyTypes.map((policyType) => [policyType.type, policyType]),
);

/** The entry of a policy type; undefined for an unknown type. */
export function findPolicyType(type: string): PolicyType | undefined {
  return byKey.get(type);
}
