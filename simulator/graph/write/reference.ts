import type { ChildCollection } from '../../catalogue/child-collection.ts';
import { linkedId } from '../../catalogue/reference.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { arrayText, objectText, objectsOf, stringOf, withMember } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, intuneProblem, noSegment } from '../problem.ts';
import { notFound, tenantOf } from '../read/reading.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/** Members of a linked object shown in the link. */
const shown = ['@odata.type', 'id', 'displayName'];

/**
 * Links an object to another one of its collection. A single link: `PUT …/{id}/rootCertificate/$ref` sets it, DELETE
 * there removes it. Several links: `POST …/$ref` adds one, `DELETE …/{linked id}/$ref` removes it.
 * @throws GraphProblem (400, 404).
 */
export function writeReference(
  writing: Writing,
  id: string,
  name: string,
  key: string | null,
): GraphAnswer {
  const { call, target } = writing;
  const navigation = target.type.children.find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  );
  if (navigation?.linked !== true) throw noSegment(name);
  const stored = storedObject(writing, id);
  const takesAway = call.method === 'DELETE';
  if (navigation.single === (key !== null) && takesAway) throw noSegment('$ref');
  if (!takesAway && (key !== null || call.method !== (navigation.single ? 'PUT' : 'POST'))) {
    throw badRequest(`The method ${call.method} does not write the link ${navigation.name}.`);
  }
  const text = takesAway
    ? withoutLink(writing, navigation, stored, key)
    : withLink(writing, navigation, stored);
  save(writing, id, touched(withMember(stored, navigation.name, text)));
  return { status: 204, headers: {}, body: null };
}

function withoutLink(
  writing: Writing,
  { name }: ChildCollection,
  stored: JsonObject,
  key: string | null,
): string {
  if (key === null) return 'null';
  const links = objectsOf(stored, name);
  const left = links.filter((link) => stringOf(link, 'id') !== key);
  if (left.length === links.length) throw notFound(writing.target.type, key);
  return arrayText(left.map(objectText));
}

function withLink(writing: Writing, navigation: ChildCollection, stored: JsonObject): string {
  const { type } = writing.target;
  const targetId = linkedId(stringOf(bodyObject(writing), '@odata.id') ?? '');
  if (targetId === undefined) throw badRequest('The property @odata.id is missing.');
  const target = tenantObject(type, tenantOf(writing), targetId);
  if (target === undefined) {
    throw intuneProblem(400, 'BadRequest', `The certificate ${targetId} was not found`);
  }
  const link = target.filter(({ key }) => shown.includes(key));
  if (navigation.single) return objectText(link);
  const links = objectsOf(stored, navigation.name);
  if (links.some((other) => stringOf(other, 'id') === targetId)) {
    throw intuneProblem(400, 'BadRequest', `The certificate ${targetId} is linked already`);
  }
  return arrayText([...links, link].map(objectText));
}
