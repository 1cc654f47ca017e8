import type { JsonObject } from '../json/object.ts';
import {
  arrayText,
  elementsOf,
  isObjectText,
  objectText,
  objectsOf,
  parseObject,
  stringOf,
  textOf,
  withMember,
  withoutMembers,
} from '../json/object.ts';
import type { Store } from '../store/store.ts';
import type { TenantView } from './collection-type.ts';

/** Stores objects shared by all tenants under an id no tenant has. */
const everyTenant = '*';
const definitionsPath = '/deviceManagement/groupPolicyDefinitions';

/** The definitions shared by all tenants: all those named in seeded templates. */
export function globalDefinitions({ store }: TenantView): JsonObject[] {
  return [...store.bodies(everyTenant, definitionsPath)];
}

/** Returns a shared definition by id. */
export function globalDefinition(store: Store, id: string): JsonObject | undefined {
  return store.find(everyTenant, definitionsPath, id)?.body;
}

/** Stores the definitions and presentations contained in a template's values. */
export function learnDefinitions(store: Store, template: JsonObject): void {
  for (const value of objectsOf(template, 'definitionValues')) {
    const definition = objectIn(value, 'definition');
    const id = definition === null ? undefined : stringOf(definition, 'id');
    if (definition === null || id === undefined) continue;
    const stored = globalDefinition(store, id);
    const known = stored ?? definition;
    const presentations = objectsOf(value, 'presentationValues')
      .map((each) => objectIn(each, 'presentation'))
      .filter((each) => each !== null);
    const complete = withPresentations(known, presentations);
    // Thousands of templates name the same definitions; most contain no new one.
    if (stored !== undefined && objectText(stored) === objectText(complete)) continue;
    store.put(everyTenant, definitionsPath, id, complete);
  }
}

function withPresentations(definition: JsonObject, found: readonly JsonObject[]): JsonObject {
  const known = elementsOf(definition, 'presentations');
  const ids = new Set(objectsOf(definition, 'presentations').map((each) => stringOf(each, 'id')));
  const added = found.filter((each) => !ids.has(stringOf(each, 'id'))).map(objectText);
  return withMember(definition, 'presentations', arrayText([...known, ...added]));
}

/** Replaces a value's `@odata.bind` links by the linked definition and presentations. */
export function boundDefinitionValue(store: Store, value: JsonObject): JsonObject {
  const definitionId = boundId(value, 'definition', 'groupPolicyDefinitions');
  const definition = definitionId === null ? undefined : globalDefinition(store, definitionId);
  const bound = replaceBind(value, 'definition', definitionId, definition);
  const texts = objectsOf(bound, 'presentationValues').map((each) => {
    const id = boundId(each, 'presentation', 'presentations');
    const presentation = objectsOf(definition ?? [], 'presentations').find(
      (candidate) => stringOf(candidate, 'id') === id,
    );
    return objectText(replaceBind(each, 'presentation', id, presentation));
  });
  return texts.length === 0 ? bound : withMember(bound, 'presentationValues', arrayText(texts));
}

/** Refuses a value with a link to a missing definition or presentation. */
export function missingDefinition(store: Store, value: JsonObject): string | null {
  const id = boundId(value, 'definition', 'groupPolicyDefinitions');
  const definition = id === null ? undefined : globalDefinition(store, id);
  if (id !== null && definition === undefined) return `The definition ${id} was not found`;
  const known = objectsOf(definition ?? [], 'presentations').map((each) => stringOf(each, 'id'));
  const missing = objectsOf(value, 'presentationValues')
    .map((each) => boundId(each, 'presentation', 'presentations'))
    .find((each) => each !== null && definition !== undefined && !known.includes(each));
  return missing === undefined ? null : `The presentation ${missing} was not found`;
}

function replaceBind(
  value: JsonObject,
  name: string,
  id: string | null,
  found: JsonObject | undefined,
): JsonObject {
  if (id === null) return value;
  const target = withoutMembers(found ?? parseObject(JSON.stringify({ id })), ['presentations']);
  return withMember(withoutMembers(value, [`${name}@odata.bind`]), name, objectText(target));
}

function boundId(value: JsonObject, name: string, segment: string): string | null {
  const link = stringOf(value, `${name}@odata.bind`) ?? '';
  return new RegExp(`${segment}(?:\\('|/)([^')/]+)`).exec(link)?.[1] ?? null;
}

function objectIn(object: JsonObject, key: string): JsonObject | null {
  const text = textOf(object, key);
  return text !== undefined && isObjectText(text) ? parseObject(text) : null;
}
