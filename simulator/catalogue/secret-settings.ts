import { createHash } from 'node:crypto';
import { mapDeep } from '../json/map-deep.ts';
import type { JsonObject } from '../json/object.ts';
import { stringOf, textOf, withMember } from '../json/object.ts';

const secretType = '#microsoft.graph.deviceManagementConfigurationSecretSettingValue';
const encrypted = 'encryptedValueToken';

/** Replaces a policy's secret values by tokens; a token reveals no secret and cannot be written. */
export function withSecretTokens(body: JsonObject): JsonObject {
  return mapSecrets(body, (secret) => {
    const shown = withMember(secret, 'valueState', JSON.stringify(encrypted));
    return withMember(shown, 'value', JSON.stringify(tokenOf(body, secret)));
  });
}

/** Refuses a policy with a token in it: the service only issues tokens. */
export function checkSecretTokens(body: JsonObject): string | null {
  let refused = false;
  mapSecrets(body, (secret) => {
    refused ||= isToken(secret);
    return secret;
  });
  return refused
    ? 'A secret setting value must be sent with valueState notEncrypted and its plain value'
    : null;
}

function mapSecrets(body: JsonObject, change: (secret: JsonObject) => JsonObject): JsonObject {
  const settings = textOf(body, 'settings');
  // Most policies have no secret; the search for the type avoids parsing them.
  if (settings?.includes(secretType) !== true) return body;
  const mapped = mapDeep(settings, (object) =>
    stringOf(object, '@odata.type') === secretType ? change(object) : object,
  );
  return withMember(body, 'settings', mapped);
}

function isToken(secret: JsonObject): boolean {
  return stringOf(secret, 'valueState') === encrypted;
}

function tokenOf(body: JsonObject, secret: JsonObject): string {
  const hex = createHash('sha256')
    .update(`${textOf(body, 'id') ?? ''} ${textOf(secret, 'value') ?? ''}`)
    .digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}
