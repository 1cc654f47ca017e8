import type { JsonObject } from '../json/object.ts';
import { mapObjects, objectsOf, stringOf, textOf, valueOf, withMember } from '../json/object.ts';
import type { Refusal } from './collection-type.ts';

const messages = 'localizedNotificationMessages';

/** Refuses a first message that is not the default one: the others would have nothing to fall back on. */
export function checkMessage(stored: JsonObject, child: string, message: JsonObject): Refusal {
  if (child !== messages || objectsOf(stored, messages).length > 0) return null;
  return valueOf(message, 'isDefault') === true
    ? null
    : 'The first localized message must be the default one';
}

/** A template has one default message; its locale is the template's. */
export function withDefaultMessage(
  template: JsonObject,
  child: string,
  message: JsonObject,
): JsonObject {
  if (child !== messages || valueOf(message, 'isDefault') !== true) return template;
  const id = stringOf(message, 'id');
  const single = mapObjects(template, messages, (other) =>
    stringOf(other, 'id') === id ? other : withMember(other, 'isDefault', 'false'),
  );
  return withMember(single, 'defaultLocale', textOf(message, 'locale') ?? 'null');
}
