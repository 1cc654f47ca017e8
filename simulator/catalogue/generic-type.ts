import type { ChildCollection } from './child-collection.ts';
import type { CollectionType } from './collection-type.ts';
import { assigningSilently } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import { collection } from './collection-type.ts';

/** Graph's names of child collections; seeded bodies of unknown collections may contain them. */
const childNames = ['settings', 'definitionValues', 'localizedNotificationMessages', 'items'];

const genericChildren: readonly ChildCollection[] = [
  ...childNames.map((name) => child(name, { createdWithParent: true })),
  assignments(),
];

/** A collection without an entry: stored, listed and returned as seeded. */
export function genericType(path: string): CollectionType {
  const entity = path.slice(path.lastIndexOf('/') + 1).replace(/s$/, '');
  return collection(path, entity, {
    polymorphic: true,
    inV1: true,
    v1Omits: [],
    scopeTags: null,
    dated: false,
    children: genericChildren,
    assign: assigningSilently('assignments', 204),
    service: path.startsWith('/device') ? 'intune' : 'policy',
  });
}
