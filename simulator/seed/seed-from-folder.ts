import { readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { typeForSeeding } from '../catalogue/find-type.ts';
import { placeSeed } from '../control/objects.ts';
import { stableGuid } from '../entra/claims.ts';
import { member, stringOf } from '../json/object.ts';
import { roleUsers } from '../sample/sample-tenants.ts';
import type { Journal } from '../store/journal.ts';
import type { Store } from '../store/store.ts';
import { collectionPath } from './collection-path.ts';
import { decodeText } from './decode-text.ts';
import { exportedObjects } from './exported-objects.ts';
import type { SeedFile } from './find-seed-files.ts';
import { findSeedFiles } from './find-seed-files.ts';

const guidPattern = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/**
 * Seeds tenants from a folder of exports, each tenant once in the life of a state, so that later changes stay.
 * @throws Error with the name of an unreadable file.
 */
export function seedFromFolder(store: Store, journal: Journal, seedDir: string): void {
  const files = Map.groupBy(findSeedFiles(seedDir), ({ tenantFolder }) => tenantFolder);
  for (const [tenantFolder, tenantFiles] of files) {
    const name = tenantFolder ?? basename(resolve(seedDir));
    const tenantId = guidPattern.test(name) ? name.toLowerCase() : stableGuid(`seed:${name}`);
    const marker = `seeded:${tenantId}`;
    if (journal.setting(marker) !== undefined) continue;
    store.transaction(() => {
      ensureTenant(store, tenantId, name);
      for (const file of tenantFiles) seedFile(store, tenantId, seedDir, file);
      journal.saveSetting(marker, name);
    });
  }
}

/** Creates a missing tenant with the users of every sample tenant. */
function ensureTenant(store: Store, tenantId: string, displayName: string): void {
  if (store.tenant(tenantId) !== undefined) return;
  const domain = `${displayName.toLowerCase().replace(/[^a-z0-9]/g, '') || 'seed'}.example`;
  store.resetTenant({ tenantId, displayName, home: false, users: roleUsers(tenantId, domain) });
}

function seedFile(store: Store, tenantId: string, seedDir: string, file: SeedFile): void {
  const path = collectionPath(file.collectionFolders);
  const name = relative(seedDir, file.path);
  for (const [index, body] of readObjects(file.path, name).entries()) {
    const guid = stableGuid(`seed:${tenantId}:${name}:${index}`);
    const id = stringOf(body, 'id') ?? typeForSeeding(path).idOf(guid, body);
    const identified = [
      member('id', JSON.stringify(id)),
      ...body.filter(({ key }) => key !== 'id'),
    ];
    placeSeed(store, tenantId, { path, body: identified });
  }
}

function readObjects(path: string, name: string) {
  try {
    return exportedObjects(decodeText(readFileSync(path)));
  } catch (cause) {
    throw new Error(`cannot seed from ${name}: it is not JSON in UTF-8 or UTF-16`, { cause });
  }
}
