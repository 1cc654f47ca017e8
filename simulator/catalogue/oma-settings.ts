import { createHash } from 'node:crypto';
import type { JsonObject } from '../json/object.ts';
import {
  mapObjects,
  objectsOf,
  stringOf,
  textOf,
  valueOf,
  withMember,
  withoutMembers,
} from '../json/object.ts';

const mask = '"****"';
/** The types of custom setting Intune encrypts on write. */
const encryptedTypes = [
  '#microsoft.graph.omaSettingString',
  '#microsoft.graph.omaSettingStringXml',
  '#microsoft.graph.omaSettingBase64',
];

/**
 * Masks a profile's encrypted values; each gets the reference for reading its plain text. As in Graph, each setting
 * has a description, null if not given: clients rely on it.
 */
export function withMaskedOmaSettings(body: JsonObject): JsonObject {
  return mapObjects(body, 'omaSettings', (written) => {
    const described = textOf(written, 'description') !== undefined;
    const setting = described ? written : withMember(written, 'description', 'null');
    if (valueOf(setting, 'isEncrypted') !== true) return setting;
    const reference = JSON.stringify(secretReference(body, setting));
    return withMember(withMember(setting, 'value', mask), 'secretReferenceValueId', reference);
  });
}

/** Returns the plain value of a reference as JSON text, or undefined. */
export function plainTextValue(body: JsonObject, reference: string): string | undefined {
  const setting = objectsOf(body, 'omaSettings').find(
    (each) => valueOf(each, 'isEncrypted') === true && secretReference(body, each) === reference,
  );
  return setting === undefined ? undefined : textOf(setting, 'value');
}

/** Refuses a profile with a secret's reference in place of the secret. */
export function checkOmaSettings(body: JsonObject): string | null {
  const referring = objectsOf(body, 'omaSettings').some(
    (setting) => typeof valueOf(setting, 'secretReferenceValueId') === 'string',
  );
  return referring ? 'SecretReferenceValueId invalid for create' : null;
}

/** Returns a written profile as Intune stores it, with encrypted texts. */
export function withEncryptedOmaSettings(body: JsonObject): JsonObject {
  return mapObjects(body, 'omaSettings', (setting) => {
    const kind = stringOf(setting, '@odata.type') ?? '';
    const plain = withoutMembers(setting, ['secretReferenceValueId']);
    return withMember(plain, 'isEncrypted', String(encryptedTypes.includes(kind)));
  });
}

function secretReference(body: JsonObject, setting: JsonObject): string {
  const seeded = stringOf(setting, 'secretReferenceValueId');
  if (seeded !== undefined) return seeded;
  const id = stringOf(body, 'id') ?? '';
  const hex = createHash('sha256')
    .update(`${id} ${stringOf(setting, 'omaUri') ?? ''}`)
    .digest('hex');
  const guid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)].join('-');
  return `${id}_${guid}-${hex.slice(20, 32)}`;
}
