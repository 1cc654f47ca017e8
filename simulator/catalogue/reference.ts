/** A place in an object where the ids of others stand. What is written there has to exist. */
export interface Reference {
  /** The ids in an object, or in the part of it that is written; whatever else stands there is left out later. */
  readonly ids: (body: unknown) => readonly unknown[];
  /** The collections in one of which each id must be. */
  readonly to: readonly string[];
}

/** Ids at a path of properties, `scheduledActionsForRule/scheduledActionConfigurations/notificationTemplateId`. */
export function reference(at: string, ...to: string[]): Reference {
  return { ids: (body) => valuesAt(body, at.split('/')), to };
}

/** Ids behind a prefix that tells what they are used for, such as `Email_`. */
export function prefixedReference(at: string, prefix: RegExp, ...to: string[]): Reference {
  const ids = (body: unknown): unknown[] =>
    valuesAt(body, at.split('/')).map((id) =>
      typeof id === 'string' ? id.replace(prefix, '') : id,
    );
  return { ids, to };
}

/** Objects that are named by links, `…/roleScopeTags('7')`. */
export function linkReference(at: string, ...to: string[]): Reference {
  const ids = (body: unknown): unknown[] =>
    valuesAt(body, at.split('/')).map((link) => linkedId(String(link)) ?? link);
  return { ids, to };
}

/** Ids in a property of all objects, however deep, of which something holds. */
export function deepReference(
  holds: (object: Readonly<Record<string, unknown>>) => boolean,
  at: string,
  ...to: string[]
): Reference {
  const ids = (body: unknown): unknown[] =>
    objectsWithin(body)
      .filter(holds)
      .flatMap((object) => valuesAt(object, at.split('/')));
  return { ids, to };
}

/** The id at the end of a link, written as a key in brackets or as a segment; undefined if it has none. */
export function linkedId(link: string): string | undefined {
  return /(?:\('?([^'()]+)'?\)|\/([^/()]+))$/.exec(link)?.slice(1).find(Boolean);
}

function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, path));
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  return isObject(value) && Object.hasOwn(value, name) ? valuesAt(value[name], rest) : [];
}

function objectsWithin(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsWithin);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsWithin)] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
