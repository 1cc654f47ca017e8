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
/** The kinds of custom setting whose values Intune encrypts when they are written. */
const encryptedTypes = [
  '#microsoft.graph.omaSettingString',
  '#microsoft.graph.omaSettingStringXml',
  '#microsoft.graph.omaSettingBase64',
];

/**
 * The profile with its encrypted values masked; each names the reference by which its plain text can be asked for.
 * Every setting has a description, as in Graph, null where none was given: clients read it without asking.
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

/** The JSON text of the plain value behind a reference, or undefined if the profile has none such. */
export function plainTextValue(body: JsonObject, reference: string): string | undefined {
  const setting = objectsOf(body, 'omaSettings').find(
    (each) => valueOf(each, 'isEncrypted') === true && secretReference(body, each) === reference,
  );
  return setting === undefined ? undefined : textOf(setting, 'value');
}

/** Refuses a profile that sends back the reference to a secret instead of the secret. */
export function checkOmaSettings(body: JsonObject): string | null {
  const referring = objectsOf(body, 'omaSettings').some(
    (setting) => typeof valueOf(setting, 'secretReferenceValueId') === 'string',
  );
  return referring ? 'SecretReferenceValueId invalid for create' : null;
}

/** The profile as Intune keeps it once it has been written through Graph: texts are encrypted. */
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
