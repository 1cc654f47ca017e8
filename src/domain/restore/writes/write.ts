import { jsonText } from '#domain/json/json-text.ts';
import type { ParsedObject } from '#domain/json/parsed-object.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';

/** A request with a body that may be sent again: the second time it changes nothing. */
export function write(
  name: string,
  method: PlannedWrite['method'],
  path: string,
  body: ParsedObject,
): PlannedWrite {
  return { name, method, path, body: jsonText(body), repeatable: true };
}

/** A POST that makes one more each time that it is sent. */
export function addition(name: string, path: string, body: ParsedObject): PlannedWrite {
  return { ...write(name, 'POST', path, body), repeatable: false };
}

/** A DELETE; what is gone already is as good. */
export function removal(name: string, path: string): PlannedWrite {
  return { name, method: 'DELETE', path, body: null, repeatable: true };
}
