import { administrativeTemplate } from './administrative-templates.ts';
import { compliancePolicy, deviceConfiguration } from './device-policies.ts';
import { assignmentFilter, scopeTag } from './foundations.ts';
import type { PolicyType } from './policy-type.ts';
import { powershellScript, remediation } from './scripts.ts';
import { settingsCatalogPolicy } from './settings-catalog.ts';

/** Every type that is listed and captured, in the order in which they are shown. */
export const policyTypes: readonly PolicyType[] = [
  settingsCatalogPolicy,
  deviceConfiguration,
  compliancePolicy,
  administrativeTemplate,
  powershellScript,
  remediation,
  assignmentFilter,
  scopeTag,
];

const byKey: ReadonlyMap<string, PolicyType> = new Map(
  policyTypes.map((policyType) => [policyType.type, policyType]),
);

/** Takes the key of a policy type, returns its entry, or undefined when there is no such type. */
export function findPolicyType(type: string): PolicyType | undefined {
  return byKey.get(type);
}
