import { fileNameBytesMax, safeFileName } from './safe-file-name.ts';

/** Where the manifest of an archive in our own format lies. */
export const manifestPath = 'manifest.json';

const extension = '.json';

/** The path of a policy in an archive in our own format; unlike for each type and Graph id, but for their case. */
export function tenantryPath(policy: {
  readonly policyType: string;
  readonly graphId: string;
  readonly displayName: string;
}): string {
  const id = safeFileName(policy.graphId, fileNameBytesMax - extension.length);
  const rest = fileNameBytesMax - extension.length - '__'.length - new Blob([id]).size;
  const name = rest > 0 ? `${safeFileName(policy.displayName, rest)}__` : '';
  return `policies/${policy.policyType}/${name}${id}${extension}`;
}
