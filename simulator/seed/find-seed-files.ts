import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A file to seed from. */
export interface SeedFile {
  readonly path: string;
  /** The folder of the tenant; null when the collections lie in the seed folder itself. */
  readonly tenantFolder: string | null;
  /** The folders of the collection below that. */
  readonly collectionFolders: readonly string[];
}

/** The first segments of collection paths; a folder of such a name is never a tenant's. */
const rootSegments = [
  'deviceManagement',
  'deviceAppManagement',
  'identity',
  'identityGovernance',
  'groups',
];

/**
 * The JSON files below a seed folder, sorted. A folder that directly holds files is a collection, and so is everything
 * below a root segment of Graph; any other folder at the top is a tenant.
 */
export function findSeedFiles(seedDir: string): SeedFile[] {
  const entries = readdirSync(seedDir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return files.flatMap((path) => {
    const folders = relative(seedDir, path).split(sep).slice(0, -1);
    const [first, ...rest] = folders;
    if (first === undefined) return [];
    const isCollection = rest.length === 0 || rootSegments.includes(first);
    return [
      isCollection
        ? { path, tenantFolder: null, collectionFolders: folders }
        : { path, tenantFolder: first, collectionFolders: rest },
    ];
  });
}
