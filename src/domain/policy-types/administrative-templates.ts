import type { PolicyType } from './policy-type.ts';
import { assignedBy, ownChild, restoredBy, usual } from './shared-rules.ts';

/** ADMX policies. Their values, and the presentations of each value, are collections of their own. */
const administrativeTemplate: PolicyType = {
  ...usual,
  type: 'administrativeTemplate',
  displayName: 'Administrative template',
  collection: '/deviceManagement/groupPolicyConfigurations',
  platform: { from: 'constant', platform: 'windows10' },
  list: { query: '$select=id,displayName,lastModifiedDateTime', builtInWhen: null },
  children: [
    ownChild('definitionValues', {
      query: '$expand=definition',
      datesItem: true,
      each: [
        {
          name: 'presentationValues',
          path: 'presentationValues',
          query: '$expand=presentation',
          shape: 'collection',
        },
      ],
    }),
  ],
  assignments: assignedBy('assignments'),
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime'],
    reason: 'a change of the values dates the policy',
  },
  restore: restoredBy({
    strip: ['policyConfigurationIngestionType'],
    steps: [
      {
        step: 'updateDefinitionValues',
        child: 'definitionValues',
        nested: 'presentationValues',
      },
    ],
  }),
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

/** Uploaded ADMX files. Graph never returns their content. */
const admxFile: PolicyType = {
  ...usual,
  type: 'admxFile',
  displayName: 'ADMX file',
  collection: '/deviceManagement/groupPolicyUploadedDefinitionFiles',
  nameProperty: 'fileName',
  platform: { from: 'constant', platform: 'windows10' },
  list: {
    query: '$select=id,fileName,lastModifiedDateTime,revision,status',
    builtInWhen: null,
  },
  incremental: {
    by: 'properties',
    properties: ['lastModifiedDateTime', 'revision', 'status'],
    reason: 'an upload dates the file',
  },
  diff: { pairBy: [], volatile: ['item.status'] },
  restore: null,
  readPermission: 'DeviceManagementConfiguration.Read.All',
  writePermission: 'DeviceManagementConfiguration.ReadWrite.All',
};

export const administrativeTemplateTypes: readonly PolicyType[] = [
  administrativeTemplate,
  admxFile,
];
