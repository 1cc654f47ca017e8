import type { PolicyType } from './policy-type.ts';
import { assignedBy, ownChild, restoredBy, usual } from './shared-rules.ts';

/** Endpoint security of the old kind: instances of Microsoft's templates. */
const endpointSecurityIntent: PolicyType = {
  ...usual,
  type: 'endpointSecurityIntent',
  displayName: 'Endpoint security policy (intent)',
  collection: '/deviceManagement/intents',
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  children: [ownChild('settings')],
  assignments: assignedBy('assignments'),
  incremental: {
    by: 'alwaysRead',
    reason: 'settings are written one at a time by an action, which need not date the intent',
  },
  diff: { pairBy: [], volatile: ['item.isMigratingToConfigurationPolicy'] },
  restore: restoredBy({
    create: {
      by: 'template',
      path: '/deviceManagement/templates/{templateId}/createInstance',
      child: 'settings',
      settingsKey: 'settingsDelta',
    },
    strip: ['isMigratingToConfigurationPolicy'],
    stripOnUpdate: ['templateId'],
    steps: [{ step: 'updateSettings', child: 'settings' }],
  }),
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

export const intentTypes: readonly PolicyType[] = [endpointSecurityIntent];
