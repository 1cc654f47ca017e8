import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface SeedFile {
  readonly path: string;
  /** The tenant's folder; null if the collections lie directly in the seed folder. */
  readonly tenantFolder: string | null;
  /** The collection's folders below it. */
  readonly collectionFolders: readonly string[];
}

/** First segments of collection paths; a folder with such a name is never a tenant's. */
const rootSegments = [
  'deviceManagement',
  'deviceAppManagement',
  'identity',
  'identityGovernance',
  'groups',
];

/**
 * Returns the JSON files below a seed folder, sorted. A top folder is a collection if it directly holds files or has
 * the name of a root segment of Graph; any other top folder is a tenant.
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
