import { jsonText } from '#domain/json/json-text.ts';
import type { ParsedObject } from '#domain/json/parsed-object.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';

/** An idempotent request with a body. */
export function write(
  name: string,
  method: PlannedWrite['method'],
  path: string,
  body: ParsedObject,
): PlannedWrite {
  return { name, method, path, body: jsonText(body), repeatable: true };
}

/** A POST that adds one more object each time it is sent. */
export function addition(name: string, path: string, body: ParsedObject): PlannedWrite {
  return { ...write(name, 'POST', path, body), repeatable: false };
}

/** A DELETE; an object that is already gone counts as deleted. */
export function removal(name: string, path: string): PlannedWrite {
  return { name, method: 'DELETE', path, body: null, repeatable: true };
}
