import { fileNameBytesMax, safeFileName } from './safe-file-name.ts';

/** The path of the manifest in an archive of our own format. */
export const manifestPath = 'manifest.json';

const extension = '.json';

/** The path of a policy in an archive of our own format; unique for each type and Graph id, apart from case. */
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
