import { assignments } from './assignments.ts';
import { notificationTemplates, scopeTags } from './foundations.ts';
import { groupId } from './groups.ts';
import { danglingId, dates, idOfOther, maker, type Making, type SeedBody } from './object-maker.ts';

const manage = '/deviceManagement';
const graphType = '#microsoft.graph.deviceManagementConfiguration';
/** Each n-th policy has more settings than a page of 25 holds. */
const everyManySettings = 10;
const manySettings = 41;
const firstManySettings = 3;
const everySecret = 17;
const everyReusable = 6;
const everyYoung = 12;

/** Settings that several policies share. */
export const reusableSettings = maker(
  `${manage}/reusablePolicySettings`,
  'Reusable setting',
  1.5,
  (making) => ({
    ...dates(making),
    displayName: making.name,
    description: '',
    settingDefinitionId: 'vendor_msft_firewall_mdmstore_dynamickeywords_addresses_{id}',
    settingInstance: simple(
      'vendor_msft_firewall_mdmstore_dynamickeywords_addresses_{id}',
      `10.${making.index % 256}.0.0/16`,
    ),
    version: 1,
    referencingConfigurationPolicyCount: 0,
  }),
);

/** The settings catalog. */
export const settingsCatalog = maker(
  `${manage}/configurationPolicies`,
  'Catalog policy',
  0,
  (making) => ({
    name: making.name,
    description: making.index % 4 === 0 ? '' : `Made for tests: ${making.name}`,
    ...platform(making),
    ...dates(making),
    creationSource: null,
    roleScopeTagIds: scopeTags(making),
    priorityMetaData: null,
    templateReference: templateReference(making),
    settings: settings(making),
    assignments: assignments(making),
  }),
);

/** Compliance policies in the settings catalog's form. */
export const compliancePolicies = maker(
  `${manage}/compliancePolicies`,
  'Linux compliance',
  2,
  (making) => ({
    name: making.name,
    description: '',
    platforms: 'linux',
    technologies: 'linuxMdm',
    ...dates(making),
    creationSource: null,
    roleScopeTagIds: scopeTags(making),
    templateReference: templateReference(making),
    settings: settings(making),
    scheduledActionsForRule: [scheduledActions(making)],
    assignments: assignments(making),
  }),
);

/** Properties to collect from devices. */
export const inventoryPolicies = maker(`${manage}/inventoryPolicies`, 'Inventory', 1, (making) => ({
  name: making.name,
  description: '',
  platforms: 'windows10',
  technologies: 'mdm',
  ...dates(making),
  roleScopeTagIds: scopeTags(making),
  settings: [{ settingInstance: choice('inventory_battery', 1) }],
  assignments: assignments(making),
}));

/** Some platforms are newer than their enumeration; Graph names them only on request. */
function platform({ index }: Making): SeedBody {
  if (index % 5 === 0) return { platforms: 'macOS', technologies: 'mdm,appleRemoteManagement' };
  return { platforms: index % everyYoung === 1 ? 'aosp' : 'windows10', technologies: 'mdm' };
}

/** The only rule of a compliance policy: a block, and for some a mail with a template that may be missing. */
export function scheduledActions(making: Making): SeedBody {
  const template = making.dangles
    ? danglingId(making)
    : idOfOther(making, notificationTemplates, making.index);
  const block = {
    id: `${making.id.slice(0, -4)}b10c`,
    actionType: 'block',
    gracePeriodHours: 24 * (making.index % 4),
    notificationTemplateId: '00000000-0000-0000-0000-000000000000',
    notificationMessageCCList: [],
  };
  const mail = {
    ...block,
    id: `${making.id.slice(0, -4)}ae11`,
    actionType: 'notification',
    notificationTemplateId: template,
    notificationMessageCCList: making.index % 4 === 3 ? [groupId(making.seed, making.index)] : [],
  };
  return {
    id: `${making.id.slice(0, -4)}0e01`,
    ruleName: null,
    scheduledActionConfigurations:
      template !== null && (making.dangles || making.index % 2 === 1) ? [block, mail] : [block],
  };
}

function settings(making: Making): SeedBody[] {
  const { index, random } = making;
  const count =
    index % everyManySettings === firstManySettings ? manySettings : random.below(12) + 1;
  const plain = Array.from({ length: count }, (_, at) => ({
    settingInstance: setting(making, at),
  }));
  const shared = idOfOther(making, reusableSettings, index);
  return [
    ...plain,
    ...(making.secrets && index % everySecret === everySecret - 1
      ? [{ settingInstance: secret(making) }]
      : []),
    ...(shared !== null && index % everyReusable === 1
      ? [{ settingInstance: reference(making.dangles ? danglingId(making) : shared) }]
      : []),
  ];
}

function setting({ index, random }: Making, at: number): SeedBody {
  const definition = `device_vendor_msft_policy_config_area${at % 12}_setting${at}`;
  if (at % 3 === 0) return choice(definition, random.below(3));
  if (at % 3 === 1) return simple(definition, random.below(1_000_000));
  return {
    '@odata.type': `${graphType}GroupSettingCollectionInstance`,
    settingDefinitionId: definition,
    settingInstanceTemplateReference: null,
    groupSettingCollectionValue: [
      {
        settingValueTemplateReference: null,
        children: [
          choice(`${definition}_mode`, 1),
          simple(`${definition}_name`, `Value ${index}/${at}`),
        ],
      },
    ],
  };
}

function choice(settingDefinitionId: string, option: number): SeedBody {
  return {
    '@odata.type': `${graphType}ChoiceSettingInstance`,
    settingDefinitionId,
    settingInstanceTemplateReference: null,
    choiceSettingValue: {
      settingValueTemplateReference: null,
      value: `${settingDefinitionId}_${option}`,
      children: [],
    },
  };
}

function simple(settingDefinitionId: string, value: string | number): SeedBody {
  const kind = typeof value === 'number' ? 'Integer' : 'String';
  return instance(settingDefinitionId, { '@odata.type': `${graphType}${kind}SettingValue`, value });
}

function secret({ index }: Making): SeedBody {
  return instance('device_vendor_msft_passportforwork_secret', {
    '@odata.type': `${graphType}SecretSettingValue`,
    value: `hunter${index}`,
    valueState: 'notEncrypted',
  });
}

function reference(value: string): SeedBody {
  return instance(
    'vendor_msft_firewall_mdmstore_firewallrules_{firewallrulename}_remoteaddressdynamickeywords',
    {
      '@odata.type': `${graphType}ReferenceSettingValue`,
      value,
    },
  );
}

function instance(settingDefinitionId: string, simpleSettingValue: SeedBody): SeedBody {
  return {
    '@odata.type': `${graphType}SimpleSettingInstance`,
    settingDefinitionId,
    settingInstanceTemplateReference: null,
    simpleSettingValue: { settingValueTemplateReference: null, ...simpleSettingValue },
  };
}

function templateReference({ index }: Making): SeedBody {
  const family = index % 6 === 2 ? 'endpointSecurityAntivirus' : 'none';
  return {
    templateId: family === 'none' ? '' : '804339ad-1553-4478-a742-138fb5807418_1',
    templateFamily: family,
    templateDisplayName: family === 'none' ? null : 'Microsoft Defender Antivirus',
    templateDisplayVersion: family === 'none' ? null : 'Version 1',
  };
}
