import { randomUUID } from 'node:crypto';
import type { SeedObject } from './estate.ts';
import { catalogPolicy } from './restorable.ts';

export const profilesPath = '/deviceManagement/deviceConfigurations';

/** The settings of a profile: a key that Graph masks, and a number. */
export const omaSettings = (limit: number) => [
  {
    ...{ '@odata.type': '#microsoft.graph.omaSettingString', displayName: 'Key' },
    ...{ omaUri: './Vendor/MSFT/WiFi/Key', value: 'hunter2', isEncrypted: true },
  },
  {
    ...{ '@odata.type': '#microsoft.graph.omaSettingInteger', displayName: 'Limit' },
    ...{ omaUri: './Vendor/MSFT/Limit', value: limit, isEncrypted: false },
  },
];

/** A profile with custom settings, one of them masked. */
export function customProfile(displayName: string): SeedObject {
  const type = '#microsoft.graph.windows10CustomConfiguration';
  const body = { '@odata.type': type, id: randomUUID(), displayName, roleScopeTagIds: ['0'] };
  return {
    path: profilesPath,
    body: { ...body, description: 'as it was', omaSettings: omaSettings(1), assignments: [] },
  };
}

/** A settings catalog policy with one setting, which Graph shows as a token. */
export function tokenPolicy(name: string): SeedObject {
  const { path, body } = catalogPolicy(name);
  const entity = '#microsoft.graph.deviceManagementConfiguration';
  const secret = { '@odata.type': `${entity}SecretSettingValue`, value: 'hunter2' };
  const settingInstance = {
    '@odata.type': `${entity}SimpleSettingInstance`,
    settingDefinitionId: 'a_secret',
    simpleSettingValue: { ...secret, valueState: 'notEncrypted' },
  };
  return { path, body: { ...body, settings: [{ id: '0', settingInstance }] } };
}
