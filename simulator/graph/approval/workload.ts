/** Paths (in lower case) and the kind of approval policy that covers writes there; the first that fits counts. */
const workloads: readonly (readonly [RegExp, string])[] = [
  [/^\/devicemanagement\/operationapproval/, 'none'],
  [
    /^\/devicemanagement\/(devicemanagementscripts|deviceshellscripts|devicehealthscripts|devicecustomattributeshellscripts|devicecompliancescripts)/,
    'scripts',
  ],
  [/^\/deviceappmanagement\//, 'apps'],
  [/^\/devicemanagement\/(role)/, 'roles'],
  [/^\/devicemanagement\/(devicecompliancepolicies|compliancepolicies)/, 'compliancePolicies'],
  [/^\/devicemanagement\/devicecategories/, 'tenantConfiguration'],
  [/^\/devicemanagement\//, 'configurationPolicies'],
];

/** The kind of approval policy that covers writes to a path, or null where no approval is ever needed. */
export function workloadAt(path: string): string | null {
  const lower = path.toLowerCase();
  const kind = workloads.find(([pattern]) => pattern.test(lower))?.[1] ?? 'none';
  return kind === 'none' ? null : kind;
}
