/** Paths (in lower case) and the kind of approval policy for writes there; the first match counts. */
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

/** Returns the kind of approval policy for writes to a path; null if they never need approval. */
export function workloadAt(path: string): string | null {
  const lower = path.toLowerCase();
  const kind = workloads.find(([pattern]) => pattern.test(lower))?.[1] ?? 'none';
  return kind === 'none' ? null : kind;
}
