import { assignments } from './assignments.ts';
import { scopeTags } from './foundations.ts';
import { dates, maker, type Making, type SeedBody } from './object-maker.ts';
import { namedGuid } from './seeded-random.ts';

const manage = '/deviceManagement';
const definitionsMax = 90;

/** Administrative templates; their values have none, one or several presentations. */
export const administrativeTemplates = maker(
  `${manage}/groupPolicyConfigurations`,
  'Template',
  5,
  (making) => ({
    ...dates(making),
    displayName: making.name,
    description: '',
    roleScopeTagIds: scopeTags(making),
    policyConfigurationIngestionType: 'unknown',
    definitionValues: Array.from({ length: making.random.below(4) + 1 }, (_, at) =>
      definitionValue(making, at),
    ),
    assignments: assignments(making),
  }),
);

function definitionValue(making: Making, at: number): SeedBody {
  // The built-in definitions have the same ids in all tenants.
  const number = (making.index * 5 + at) % definitionsMax;
  const definitionId = namedGuid(`definition ${number}`);
  return {
    id: namedGuid(`${making.id} value ${at}`),
    ...dates(making),
    enabled: at % 2 === 0,
    configurationType: 'policy',
    definition: {
      id: definitionId,
      displayName: `Policy ${number}`,
      classType: number % 2 === 0 ? 'machine' : 'user',
      categoryPath: `\\Windows Components\\Area ${number % 7}`,
      policyType: 'admxBacked',
      version: '1.0',
    },
    presentationValues: Array.from({ length: at % 3 }, (_, which) => ({
      '@odata.type': '#microsoft.graph.groupPolicyPresentationValueText',
      id: namedGuid(`${making.id} presentation ${at} ${which}`),
      ...dates(making),
      value: `Text ${making.index} ${at} ${which}`,
      presentation: {
        '@odata.type': '#microsoft.graph.groupPolicyPresentationTextBox',
        id: namedGuid(`presentation ${number} ${which}`),
        label: `Field ${which}:`,
        required: which === 0,
      },
    })),
  };
}

/** Uploaded ADMX files; their content is never returned. */
export const admxFiles = maker(
  `${manage}/groupPolicyUploadedDefinitionFiles`,
  'Admx',
  1,
  (making) => ({
    displayName: null,
    description: null,
    fileName: `vendor-${making.index}.admx`,
    languageCodes: ['en-US'],
    targetPrefix: `vendor${making.index}`,
    targetNamespace: `Vendor.Policies.${making.index}`,
    policyType: 'admxIngested',
    revision: '1.0',
    status: 'available',
    uploadDateTime: '2026-01-10T10:00:00Z',
    lastModifiedDateTime: '2026-01-10T10:00:00Z',
  }),
  { countMax: 20 },
);

/** Endpoint security policies of the old kind. */
export const intents = maker(`${manage}/intents`, 'Intent', 2, (making) => ({
  displayName: making.name,
  description: '',
  templateId: namedGuid(`intent template ${making.index % 4}`),
  isAssigned: making.index % 2 === 0,
  isMigratingToConfigurationPolicy: false,
  roleScopeTagIds: scopeTags(making),
  lastModifiedDateTime: dates(making)['lastModifiedDateTime'],
  settings: Array.from({ length: making.random.below(6) + 1 }, (_, at) => ({
    '@odata.type': '#microsoft.graph.deviceManagementBooleanSettingInstance',
    id: namedGuid(`${making.id} setting ${at}`),
    definitionId: `deviceConfiguration--windows10EndpointProtectionConfiguration_setting${at}`,
    valueJson: String(at % 2 === 0),
    value: at % 2 === 0,
  })),
  assignments: assignments(making),
}));
