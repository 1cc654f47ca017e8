import { knownType } from '../../catalogue/find-type.ts';
import type { CollectionType } from '../../catalogue/collection-type.ts';
import { reference, type Reference } from '../../catalogue/reference.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { objectText } from '../../json/object.ts';
import { intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import type { Writing } from './writing.ts';

/** Words in place of an id. */
const words = [
  '',
  '00000000-0000-0000-0000-000000000000',
  'All',
  'AllTrusted',
  'None',
  'GuestsOrExternalUsers',
];

/**
 * Refuses written members with references to missing objects. Ignores members left unwritten: an object may outlive
 * its references.
 * @throws GraphProblem (400).
 */
export function checkReferences(writing: Writing, written: JsonObject): void {
  const { type } = writing.target;
  const body: unknown = JSON.parse(objectText(written));
  for (const { ids, to } of [...type.references, ...scopeTagsOf(type)]) {
    const missing = ids(body)
      .filter((id) => typeof id === 'string')
      .find((id) => !words.includes(id) && !to.some(has(writing, id)));
    if (missing === undefined) continue;
    const name = to[0]?.split('/').at(-1) ?? '';
    throw intuneProblem(400, 'BadRequest', `${missing} was not found among the ${name}`);
  }
}

function scopeTagsOf({ scopeTags }: CollectionType): Reference[] {
  return scopeTags === null ? [] : [reference(scopeTags, '/deviceManagement/roleScopeTags')];
}

function has(writing: Writing, id: string): (path: string) => boolean {
  return (path) => {
    const type = knownType(path);
    if (type === undefined) return false;
    const tenant = tenantOf(writing);
    if (tenantObject(type, tenant, id) === undefined) return false;
    return (
      !type.referableOnceReadable || writing.service.conditions.isReadable(tenant.tenantId, id)
    );
  };
}
