import { catalogue } from '../catalogue/catalogue.ts';
import { knownType } from '../catalogue/find-type.ts';

/** Names that exporters give to collections whose last segment alone says too little. */
const exportNames: ReadonlyMap<string, string> = new Map([
  ['conditionalaccesspolicies', '/identity/conditionalAccess/policies'],
  ['authenticationstrengths', '/identity/conditionalAccess/authenticationStrength/policies'],
  ['termsofuse', '/identityGovernance/termsOfUse/agreements'],
]);

/**
 * The path of the collection that a folder is named after: a path under the version root, or its last segment alone.
 * An unknown name is taken for a collection of device management.
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
