import type { JsonObject } from '../json/object.ts';
import {
  arrayText,
  member,
  objectOf,
  objectText,
  stringOf,
  textOf,
  withMember,
} from '../json/object.ts';
import type { TenantView } from './collection-type.ts';
import { assigningSilently } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import { collection } from './collection-type.ts';

const intentsPath = '/deviceManagement/intents';
const categories = child('categories', { children: [child('settings')] });

/** Classic endpoint security: instances of templates. All settings belong to the template's one category. */
export const intents = collection(intentsPath, 'deviceManagementIntent', {
  children: [child('settings', { createdWithParent: true }), categories, assignments()],
  assign: assigningSilently('assignments', 204),
  actions: ['updateSettings'],
  presentAlone: (body) => {
    if (textOf(body, 'categories') !== undefined) return body;
    const category = [
      ...categoryOf(stringOf(body, 'templateId') ?? ''),
      member('settings', textOf(body, 'settings') ?? '[]'),
    ];
    return withMember(body, 'categories', arrayText([objectText(category)]));
  },
});

/** The templates of intents; a template named in some intent exists without seeding. */
export const templates = collection('/deviceManagement/templates', 'deviceManagementTemplate', {
  polymorphic: true,
  scopeTags: null,
  dated: false,
  children: [child('settings'), categories],
  actions: ['createInstance'],
  derived: namedTemplates,
});

function namedTemplates({ store, tenantId }: TenantView): JsonObject[] {
  const named = store.list(tenantId, intentsPath).map(({ body }) => stringOf(body, 'templateId'));
  const ids = [...new Set(named)].filter((id) => id !== undefined);
  return ids.map((id) => [
    ...objectOf({
      '@odata.type': '#microsoft.graph.securityBaselineTemplate',
      id,
      displayName: `Template ${id}`,
      versionInfo: '1',
      isDeprecated: true,
    }),
    member('categories', arrayText([objectText(categoryOf(id))])),
  ]);
}

function categoryOf(templateId: string): JsonObject {
  return objectOf({
    id: `${templateId}_settings`,
    displayName: 'Settings',
    hasRequiredSetting: false,
  });
}
