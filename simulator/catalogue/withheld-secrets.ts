import type { JsonObject } from '../json/object.ts';
import { stringOf, textOf, withMember } from '../json/object.ts';

/** Write-only properties of profiles: network keys and shared secrets. */
const writeOnly = ['preSharedKey', 'sharedSecret'];
/** Reads show the key of an edition upgrade without its characters. */
const productKey = 'productKey';
const maskedProductKey = '#####-#####-#####-#####-#####';

/** Removes from a profile the secrets Intune never returns. */
export function withoutSecrets(body: JsonObject): JsonObject {
  const silent = writeOnly
    .filter((name) => textOf(body, name) !== undefined)
    .reduce((object, name) => withMember(object, name, 'null'), body);
  return (stringOf(body, productKey) ?? '') === ''
    ? silent
    : withMember(silent, productKey, JSON.stringify(maskedProductKey));
}

/** Keeps stored secrets in a write with null for them: clients send back the null they read. */
export function withRecalledSecrets(given: JsonObject, stored: JsonObject): JsonObject {
  return writeOnly.reduce((object, name) => {
    const kept = textOf(stored, name);
    const isNothing = kept !== undefined && textOf(given, name) === 'null';
    return isNothing ? withMember(object, name, kept) : object;
  }, given);
}
