import type { JsonObject } from '../json/object.ts';
import { mapObjects, objectsOf, stringOf, textOf, valueOf, withMember } from '../json/object.ts';
import type { Refusal } from './collection-type.ts';

const messages = 'localizedNotificationMessages';

/** Refuses a first message without isDefault: other languages need one to fall back on. */
export function checkMessage(stored: JsonObject, child: string, message: JsonObject): Refusal {
  if (child !== messages || objectsOf(stored, messages).length > 0) return null;
  return valueOf(message, 'isDefault') === true
    ? null
    : 'The first localized message must be the default one';
}

/** Keeps one default message per template; its locale is the template's. */
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
