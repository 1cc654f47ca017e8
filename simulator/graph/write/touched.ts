import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../json/object.ts';
import { textOf, valueOf, withMember } from '../../json/object.ts';

/** Returns the present time in Graph's format. */
export function nowText(): string {
  return JSON.stringify(new Date().toISOString());
}

/** Moves an object's modification date and version on, if it has them. */
export function touched(body: JsonObject): JsonObject {
  const dates = ['lastModifiedDateTime', 'modifiedDateTime'].filter(
    (name) => textOf(body, name) !== undefined,
  );
  const dated = dates.reduce((object, name) => withMember(object, name, nowText()), body);
  const version = nextVersion(valueOf(body, 'version'));
  return version === null ? dated : withMember(dated, 'version', version);
}

/** Versions are numbers; app policies have quoted tags, and scripts numbers as text. */
function nextVersion(version: unknown): string | null {
  if (typeof version === 'number') return String(version + 1);
  if (typeof version !== 'string' || version === '') return null;
  if (/^\d{1,9}$/.test(version)) return JSON.stringify(String(Number(version) + 1));
  return JSON.stringify(`"${randomUUID()}"`);
}
