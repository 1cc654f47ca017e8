import { assignments, child, collection } from './collection-type.ts';

/** Endpoint security of the old kind: instances of templates. */
export const intents = collection('/deviceManagement/intents', 'deviceManagementIntent', {
  children: [
    child('settings'),
    child('categories', { children: [child('settings')] }),
    assignments(),
  ],
  assign: { key: 'assignments', status: 204 },
  actions: ['updateSettings'],
});

/** The templates that intents are instances of. */
export const templates = collection('/deviceManagement/templates', 'deviceManagementTemplate', {
  polymorphic: true,
  scopeTags: null,
  dated: false,
  children: [child('settings'), child('categories', { children: [child('settings')] })],
  actions: ['createInstance'],
});
