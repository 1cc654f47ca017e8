import type { ChildCollection } from '../../catalogue/child-collection.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { arrayText, elementsOf, objectText, stringOf, withMember } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, noSegment } from '../problem.ts';
import { notFound, tenantOf } from '../read/reading.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/** What a link shows of the object behind it. */
const shown = ['@odata.type', 'id', 'displayName'];

/**
 * Links an object to another one of its collection, as `PUT|POST …/{id}/rootCertificate/$ref` does: a single link is
 * replaced, one of several is added; DELETE takes a single one away. Throws GraphProblem (400, 404).
 */
export function writeReference(writing: Writing, id: string, name: string): GraphAnswer {
  const { type } = writing.target;
  const navigation = type.children.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (navigation?.linked !== true) throw noSegment(name);
  const stored = storedObject(writing, id);
  const text = writing.call.method === 'DELETE' ? 'null' : linkText(writing, navigation, stored);
  save(writing, id, touched(withMember(stored, navigation.name, text)));
  return { status: 204, headers: {}, body: null };
}

function linkText(writing: Writing, navigation: ChildCollection, stored: JsonObject): string {
  const { type } = writing.target;
  const link = stringOf(bodyObject(writing), '@odata.id') ?? '';
  const targetId = /(?:\('?([^'()]+)'?\)|\/([^/()]+))$/.exec(link)?.slice(1).find(Boolean);
  if (targetId === undefined) throw badRequest('The property @odata.id is missing.');
  const target = tenantObject(type, tenantOf(writing), targetId);
  if (target === undefined) throw notFound(type, targetId);
  const text = objectText(target.filter(({ key }) => shown.includes(key)));
  return navigation.single ? text : arrayText([...elementsOf(stored, navigation.name), text]);
}
