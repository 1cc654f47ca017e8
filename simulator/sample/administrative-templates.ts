import { toGroup } from './sample-assignment.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

interface Value {
  readonly definition: string;
  readonly category: string;
  readonly presentation?: readonly [string, string, unknown];
}

/** The administrative templates of a sample tenant: enabled definitions, some with presentation values. */
export function administrativeTemplates(profile: SampleProfile): SampleObject[] {
  return Object.entries(templatesOf(profile)).map(([name, values]) => ({
    path: '/deviceManagement/groupPolicyConfigurations',
    body: {
      id: sampleId(profile.tenantId, `groupPolicyConfiguration:${name}`),
      ...sampleDates,
      displayName: `${profile.prefix} ${name}`,
      description: null,
      policyConfigurationIngestionType: 'builtIn',
      roleScopeTagIds: ['0'],
      definitionValues: values.map((value) => definitionValue(profile.tenantId, name, value)),
      assignments: [toGroup(profile.tenantId, 'SG-Devices-Windows-Broad')],
    },
  }));
}

function templatesOf({ domain }: SampleProfile): Record<string, readonly Value[]> {
  return {
    'OneDrive for business': [
      {
        definition: 'Silently sign in users to the OneDrive sync app',
        category: '\\OneDrive',
      },
      {
        definition: 'Limit the sync app download rate to a fixed rate',
        category: '\\OneDrive',
        presentation: ['Decimal', 'Bandwidth:', 1250],
      },
      {
        definition: 'Block syncing specific files or folders',
        category: '\\OneDrive',
        presentation: [
          'MultiText',
          'Keywords:',
          ['*.pst', '*.vmdk'],
        ],
      },
    ],
    'Remote desktop': [
      {
        definition: 'Allow users to connect remotely by using Remote Desktop Services',
        category: '\\Windows Components\\Remote Desktop Services',
      },
      {
        definition: 'Specify the gateway address',
        category: '\\Windows Components\\Remote Desktop Services',
        presentation: ['Text', 'Address:', `gateway.${domain}`],
      },
    ],
  };
}

function definitionValue(tenantId: string, template: string, value: Value) {
  const { category, definition, presentation } = value;
  return {
    id: sampleId(tenantId, `definitionValue:${template}:${definition}`),
    ...sampleDates,
    enabled: true,
    configurationType: 'policy',
    definition: {
      // A built-in definition has the same id in every tenant.
      id: sampleId('definitions', definition),
      classType: 'machine',
      displayName: definition,
      categoryPath: category,
      policyType: 'admxBacked',
      groupPolicyCategoryId: sampleId('definitions', category),
    },
    presentationValues: presentation === undefined ? [] : [presentationValue(tenantId, definition, presentation)],
  };
}

function presentationValue(
  tenantId: string,
  definition: string,
  [kind, label, value]: readonly [string, string, unknown],
) {
  return {
    '@odata.type': `#microsoft.graph.groupPolicyPresentationValue${kind}`,
    id: sampleId(tenantId, `presentationValue:${definition}:${label}`),
    ...sampleDates,
    ...(kind === 'MultiText' ? { values: value } : { value }),
    presentation: {
      '@odata.type': `#microsoft.graph.groupPolicyPresentation${kind === 'Decimal' ? 'DecimalText' : kind}Box`,
      id: sampleId('definitions', `${definition}:${label}`),
      label,
    },
  };
}
