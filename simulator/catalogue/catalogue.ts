import type { CollectionType } from './collection-type.ts';
import { groups } from './directory.ts';
import { settingsCatalog } from './settings-catalog.ts';

/** Every collection that the simulator knows by name. A collection without an entry behaves as `genericType` says. */
export const catalogue: readonly CollectionType[] = [settingsCatalog, groups];
