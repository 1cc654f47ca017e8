import type { JsonObject } from '../json/object.ts';
import { stringOf, textOf, withMember } from '../json/object.ts';

/** Properties of profiles that can be written and never read again: keys of networks and shared secrets. */
const writeOnly = ['preSharedKey', 'sharedSecret'];
/** The key of an edition upgrade is shown without its characters. */
const productKey = 'productKey';
const maskedProductKey = '#####-#####-#####-#####-#####';

/** The profile without what Intune tells nobody. */
export function withoutSecrets(body: JsonObject): JsonObject {
  const silent = writeOnly
    .filter((name) => textOf(body, name) !== undefined)
    .reduce((object, name) => withMember(object, name, 'null'), body);
  return (stringOf(body, productKey) ?? '') === ''
    ? silent
    : withMember(silent, productKey, JSON.stringify(maskedProductKey));
}

/** What is written over a profile, with the secrets that a client has read as null left as they were. */
export function withRecalledSecrets(given: JsonObject, stored: JsonObject): JsonObject {
  return writeOnly.reduce((object, name) => {
    const kept = textOf(stored, name);
    const isNothing = kept !== undefined && textOf(given, name) === 'null';
    return isNothing ? withMember(object, name, kept) : object;
  }, given);
}
