import { mergeObjects, objectOf, withMember } from '../json/object.ts';
import { assigning } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import { collection } from './collection-type.ts';
import {
  boundDefinitionValue,
  globalDefinitions,
  learnDefinitions,
  missingDefinition,
} from './global-definitions.ts';

/** Administrative templates: values of group policy definitions, served one value at a time. */
export const groupPolicyConfigurations = collection(
  '/deviceManagement/groupPolicyConfigurations',
  'groupPolicyConfiguration',
  {
    children: [
      child('definitionValues', {
        writable: true,
        children: [
          child('definition', { single: true }),
          child('presentationValues', { children: [child('presentation', { single: true })] }),
        ],
      }),
      assignments(),
    ],
    assign: assigning(),
    deleteStatus: 204,
    initial: (body) => withMember(body, 'policyConfigurationIngestionType', '"unknown"'),
    actions: ['updateDefinitionValues'],
    checkEntry: (_stored, name, entry, { store }) =>
      name === 'definitionValues' ? missingDefinition(store, entry) : null,
    writtenEntry: (name, entry, { store }) =>
      name === 'definitionValues' ? boundDefinitionValue(store, entry) : entry,
    stored: (body, { store }) => learnDefinitions(store, body),
  },
);

/** The definitions behind the values; built-in ones are the same in all tenants. */
export const groupPolicyDefinitions = collection(
  '/deviceManagement/groupPolicyDefinitions',
  'groupPolicyDefinition',
  {
    pageSize: 200,
    scopeTags: null,
    dated: false,
    children: [child('presentations')],
    derived: globalDefinitions,
  },
);

/** Uploaded ADMX files; reads never return their content. */
export const groupPolicyUploadedDefinitionFiles = collection(
  '/deviceManagement/groupPolicyUploadedDefinitionFiles',
  'groupPolicyUploadedDefinitionFile',
  {
    scopeTags: null,
    withheld: ['content'],
    actions: ['remove'],
    initial: (body) =>
      mergeObjects(
        objectOf({
          status: 'available',
          policyType: 'admxIngested',
          revision: '1.0',
          uploadDateTime: new Date().toISOString(),
        }),
        body,
      ),
  },
);
