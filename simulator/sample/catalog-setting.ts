const entity = '#microsoft.graph.deviceManagementConfiguration';

/** The value of a setting: an option of a choice, a number, a text, or a list of texts. */
export type SettingValue =
  { readonly option: string } | number | string | readonly string[];

/** Builds a settings catalog setting in Graph's `/settings` format. */
export function catalogSetting(definitionId: string, value: SettingValue): Record<string, unknown> {
  return {
    settingInstance: {
      '@odata.type': `${entity}${instanceType(value)}Instance`,
      settingDefinitionId: definitionId,
      settingInstanceTemplateReference: null,
      ...valueMember(definitionId, value),
    },
  };
}

function instanceType(value: SettingValue): string {
  if (Array.isArray(value)) return 'SimpleSettingCollection';
  return typeof value === 'object' ? 'ChoiceSetting' : 'SimpleSetting';
}

function valueMember(definitionId: string, value: SettingValue): Record<string, unknown> {
  if (typeof value === 'number' || typeof value === 'string') {
    return { simpleSettingValue: simpleValue(value) };
  }
  if ('option' in value) {
    return {
      choiceSettingValue: {
        settingValueTemplateReference: null,
        value: `${definitionId}_${value.option}`,
        children: [],
      },
    };
  }
  return { simpleSettingCollectionValue: value.map(simpleValue) };
}

function simpleValue(value: number | string): Record<string, unknown> {
  const kind = typeof value === 'number' ? 'Integer' : 'String';
  return {
    '@odata.type': `${entity}${kind}SettingValue`,
    settingValueTemplateReference: null,
    value,
  };
}
