/** A place for references in an object. Written ids must exist. */
export interface Reference {
  /** Returns the ids in an object or its written part; may contain other values, filtered out later. */
  readonly ids: (body: unknown) => readonly unknown[];
  /** The collections to search for each id. */
  readonly to: readonly string[];
}

/** References at a property path, `scheduledActionsForRule/scheduledActionConfigurations/notificationTemplateId`. */
export function reference(at: string, ...to: string[]): Reference {
  return { ids: (body) => valuesAt(body, at.split('/')), to };
}

/** References after a prefix with their use, such as `Email_`. */
export function prefixedReference(at: string, prefix: RegExp, ...to: string[]): Reference {
  const ids = (body: unknown): unknown[] =>
    valuesAt(body, at.split('/')).map((id) =>
      typeof id === 'string' ? id.replace(prefix, '') : id,
    );
  return { ids, to };
}

/** References as links, `…/roleScopeTags('7')`. */
export function linkReference(at: string, ...to: string[]): Reference {
  const ids = (body: unknown): unknown[] =>
    valuesAt(body, at.split('/')).map((link) => linkedId(String(link)) ?? link);
  return { ids, to };
}

/** References in all nested objects with `holds` true. */
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

/** Returns the id at the end of a link, as a key in brackets or a segment; undefined if it has none. */
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
