import { catalogue } from '../catalogue/catalogue.ts';
import { knownType } from '../catalogue/find-type.ts';

/** Exporters' names for collections with an ambiguous last segment. */
const exportNames: ReadonlyMap<string, string> = new Map([
  ['conditionalaccesspolicies', '/identity/conditionalAccess/policies'],
  ['authenticationstrengths', '/identity/conditionalAccess/authenticationStrength/policies'],
  ['termsofuse', '/identityGovernance/termsOfUse/agreements'],
]);

/**
 * Returns a folder's collection path. The folder is named by the path under the version root, or by its last segment.
 * An unknown name means a collection of device management.
 */
export function collectionPath(folders: readonly string[]): string {
  const joined = `/${folders.join('/')}`;
  const known = knownType(joined);
  if (known !== undefined) return known.path;
  if (folders.length > 1) return joined;
  const name = (folders[0] ?? '').toLowerCase();
  const byExport = exportNames.get(name);
  if (byExport !== undefined) return byExport;
  const bySegment = catalogue.find(({ path }) => path.toLowerCase().endsWith(`/${name}`));
  return bySegment?.path ?? `/deviceManagement${joined}`;
}
