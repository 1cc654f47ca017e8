import type { ChildCollection } from '../catalogue/child-collection.ts';
import type { JsonObject } from '../json/object.ts';
import {
  arrayText,
  elementsOf,
  isObjectText,
  member,
  objectText,
  parseObject,
  stringOf,
  textOf,
} from '../json/object.ts';
import type { Expand } from './expand.ts';
import type { MetadataLevel } from './metadata.ts';
import { badRequest } from './problem.ts';
import { skipToken } from './skip-token.ts';

/** The shape of one kind of object in answers. */
export interface Shape {
  /** The declared type; null if its name is unknown. */
  readonly entity: string | null;
  /** True if Intune adds the id to every answer, selected or not. */
  readonly alwaysId: boolean;
  readonly polymorphic: boolean;
  readonly children: readonly ChildCollection[];
  /** True if the children can be expanded. */
  readonly navigable: boolean;
  /** Properties served only at their own path. */
  readonly withheld: readonly string[];
  /** Properties this answer omits unless `$select` names them. */
  readonly omits: readonly string[];
}

/** The caller's choice of properties, expansions and metadata. */
export interface View {
  readonly select: readonly string[] | null;
  readonly expand: readonly Expand[];
  readonly metadata: MetadataLevel;
  /** Expanded collections are truncated after this many entries. */
  readonly expansionMax: number;
  /** The URL of the version root, and the object's path below it. */
  readonly root: string;
  readonly path: string;
}

/** Returns an object's members for an answer: children only if expanded, annotations by the metadata level. */
export function shapeObject(body: JsonObject, shape: Shape, view: View): JsonObject {
  const expanded = view.expand.flatMap((entry) => expandChild(body, shape, view, entry));
  const own = ownMembers(body, shape, view.select);
  const hideType = view.metadata === 'none' || (view.metadata === 'minimal' && !shape.polymorphic);
  const visible = hideType ? own.filter(({ key }) => key !== '@odata.type') : own;
  return [...fullAnnotations(body, shape, view), ...visible, ...expanded];
}

function ownMembers(body: JsonObject, shape: Shape, select: readonly string[] | null): JsonObject {
  const hidden = new Set(shape.children.map(({ name }) => name));
  const visible = body.filter(({ key }) => !hidden.has(key));
  const stored =
    shape.withheld.length === 0
      ? visible
      : visible.map((entry) =>
          shape.withheld.includes(entry.key) ? { ...entry, text: 'null' } : entry,
        );
  if (select === null || select.length === 0) {
    return stored.filter(({ key }) => !shape.omits.includes(key));
  }
  const wanted = new Set(select.map((name) => name.toLowerCase()));
  return stored.filter(
    ({ key }) =>
      wanted.has(key.toLowerCase()) ||
      (shape.alwaysId && key === 'id') ||
      (shape.polymorphic && key === '@odata.type'),
  );
}

function fullAnnotations(body: JsonObject, shape: Shape, view: View): JsonObject {
  if (view.metadata !== 'full') return [];
  const typed = textOf(body, '@odata.type') !== undefined && shape.polymorphic;
  const address = `${view.root}${view.path}`;
  const links = shape.children.flatMap(({ name }) => [
    member(`${name}@odata.associationLink`, JSON.stringify(`${address}/${name}/$ref`)),
    member(`${name}@odata.navigationLink`, JSON.stringify(`${address}/${name}`)),
  ]);
  return [
    ...(typed || shape.entity === null
      ? []
      : [member('@odata.type', JSON.stringify(`#microsoft.graph.${shape.entity}`))]),
    member('@odata.id', JSON.stringify(address)),
    member('@odata.editLink', JSON.stringify(address)),
    ...links,
  ];
}

function expandChild(body: JsonObject, shape: Shape, view: View, entry: Expand): JsonObject {
  const navigation = shape.children.find(
    ({ name }) => name.toLowerCase() === entry.name.toLowerCase(),
  );
  if (navigation === undefined || !shape.navigable) {
    if (navigation === undefined && textOf(body, entry.name) !== undefined) return [];
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${entry.name}' on type 'microsoft.graph.${shape.entity ?? 'entity'}'.`,
    );
  }
  const path = `${view.path}/${navigation.name}`;
  const context = member(
    `${navigation.name}@odata.context`,
    JSON.stringify(contextUrl(view.root, path)),
  );
  return [
    ...(view.metadata === 'none' ? [] : [context]),
    ...expandedMembers(body, navigation, { ...view, path }, entry),
  ];
}

/** Returns the URL for `@odata.context`; clients read the ids in it. */
export function contextUrl(root: string, path: string): string {
  return `${root}/$metadata#${path.slice(1)}`;
}

function expandedMembers(
  body: JsonObject,
  navigation: ChildCollection,
  view: View,
  entry: Expand,
): JsonObject {
  const { name } = navigation;
  const text = textOf(body, name);
  if (navigation.single) {
    const shown = text !== undefined && isObjectText(text);
    return [member(name, shown ? shapedEntry(text, navigation, view, entry) : 'null')];
  }
  const isWhole = view.expansionMax === Number.POSITIVE_INFINITY;
  // Most expansions need the entries exactly as stored, and parsing them would cost more than all other work.
  if (text !== undefined && isWhole && isShownAsStored(navigation, view, entry)) {
    return [member(name, text)];
  }
  const all = elementsOf(body, name).filter(isObjectText);
  const shown = all.slice(0, view.expansionMax);
  const value = shown.map((each) => shapedEntry(each, navigation, view, entry));
  const next = `${view.root}${view.path}?$skiptoken=${skipToken(shown.length)}`;
  return [
    ...(shown.length < all.length ? [member(`${name}@odata.nextLink`, JSON.stringify(next))] : []),
    member(name, arrayText(value)),
  ];
}

function isShownAsStored(navigation: ChildCollection, view: View, entry: Expand): boolean {
  return (
    view.metadata === 'minimal' &&
    navigation.children.length === 0 &&
    (entry.select ?? []).length === 0 &&
    entry.expand.length === 0
  );
}

function shapedEntry(text: string, navigation: ChildCollection, view: View, entry: Expand): string {
  const object = parseObject(text);
  const path = navigation.single ? view.path : `${view.path}('${stringOf(object, 'id') ?? ''}')`;
  const childView = { ...view, select: entry.select, expand: entry.expand, path };
  return objectText(shapeObject(object, childShape(navigation), childView));
}

/** The shape of a child collection's entries; most child collections have several types. */
export function childShape(navigation: ChildCollection): Shape {
  return {
    entity: navigation.entity,
    alwaysId: true,
    polymorphic: true,
    children: navigation.children,
    navigable: true,
    withheld: [],
    omits: [],
  };
}
