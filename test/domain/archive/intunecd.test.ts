import { describe, expect, it } from '@jest/globals';
import { intuneCdPlace, readIntuneCdFile } from '#domain/archive/intunecd-document.ts';
import { intuneCdFile } from '#domain/archive/intunecd-file.ts';
import type { IntuneCdGroup } from '#domain/archive/intunecd-groups.ts';
import { intuneCdRules } from '#domain/archive/intunecd-layout.ts';
import { pythonJson } from '#domain/archive/python-json.ts';
import { parseLiterals } from '#domain/json/json-literals.ts';
import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';

function typeOf(type: string): PolicyType {
  const found = findPolicyType(type);
  if (found === undefined) throw new Error(`no type ${type}`);
  return found;
}

const words = {
  tags: new Map([['7', 'Finance']]),
  filters: new Map([['f-1', 'Laptops']]),
};
const ids = {
  tags: new Map([['Finance', '7']]),
  filters: new Map([['Laptops', 'f-1']]),
  groups: new Map<string, string>(),
};
const assigned = { membershipType: 'assigned', membershipRule: null } as const;
const groups = new Map<string, IntuneCdGroup>([
  ['g-1', { displayName: 'Pilot', ...assigned, toldByName: true }],
  [
    'g-2',
    {
      ...{ displayName: 'Sales', membershipType: 'dynamic', membershipRule: 'r' },
      toldByName: true,
    },
  ],
  ['g-3', { displayName: 'Twin', ...assigned, toldByName: false }],
]);

function fileOf(
  type: string,
  item: object,
  children: object = {},
  assignments: unknown[] | null = [],
) {
  return intuneCdFile(typeOf(type), JSON.stringify({ item, children, assignments }), words);
}

const graph = '#microsoft.graph.';
const named = { displayName: 'A' };

// The paths of IntuneCD 2.6 for these objects, taken from its backup modules.
const golden: readonly (readonly [string, object, string])[] = [
  [
    'settingsCatalogPolicy',
    { name: 'Edge', technologies: 'mdm,microsoftSense' },
    'Settings Catalog/Edge_microsoftSense',
  ],
  [
    'deviceConfiguration',
    { ...named, '@odata.type': `${graph}windows10CustomConfiguration` },
    'Device Configurations/A_windows10CustomConfiguration',
  ],
  [
    'compliancePolicy',
    { ...named, '@odata.type': `${graph}iosCompliancePolicy` },
    'Compliance Policies/Policies/A_iosCompliancePolicy',
  ],
  [
    'compliancePolicyV2',
    { name: 'A', technologies: 'linuxMdm' },
    'Compliance Policies/Policies/A_linuxMdm',
  ],
  ['complianceScript', named, 'Compliance Policies/Scripts/A'],
  ['reusableSetting', { ...named, settingDefinitionId: 'x' }, 'Compliance Policies/Scripts/A'],
  ['notificationTemplate', named, 'Compliance Policies/Message Templates/A'],
  ['administrativeTemplate', named, 'Group Policy Configurations/A'],
  ['powershellScript', named, 'Scripts/Powershell/A'],
  ['shellScript', named, 'Scripts/Shell/A'],
  ['customAttribute', named, 'Custom Attributes/A'],
  ['remediation', named, 'Proactive Remediations/A'],
  ['assignmentFilter', named, 'Filters/A'],
  ['scopeTag', named, 'Scope Tags/A'],
  [
    'roleDefinition',
    { ...named, '@odata.type': `${graph}deviceAndAppManagementRoleDefinition` },
    'Roles/A_deviceAndAppManagementRoleDefinition',
  ],
  ['conditionalAccess', named, 'Conditional Access/A'],
  [
    'enrollmentConfiguration',
    { ...named, '@odata.type': `${graph}windows10EnrollmentCompletionPageConfiguration` },
    'Enrollment Profiles/Windows/ESP/A_windows10EnrollmentCompletionPageConfiguration',
  ],
  [
    'enrollmentConfiguration',
    { ...named, '@odata.type': `${graph}deviceEnrollmentLimitConfiguration` },
    'Enrollment Configurations/A_deviceEnrollmentLimitConfiguration',
  ],
  [
    'autopilotProfile',
    { ...named, '@odata.type': `${graph}azureADWindowsAutopilotDeploymentProfile` },
    'Enrollment Profiles/Windows/A_azureADWindowsAutopilotDeploymentProfile',
  ],
  ['windowsFeatureUpdate', named, 'Feature Updates/A'],
  ['windowsQualityUpdateProfile', named, 'Quality Updates/A'],
  ['windowsDriverUpdate', named, 'Driver Updates/A'],
  ['deviceCategory', named, 'Device Categories/A'],
  [
    'appConfigManagedDevice',
    { ...named, '@odata.type': `${graph}iosMobileAppConfiguration` },
    'App Configuration/A_iosMobileAppConfiguration',
  ],
  ['iosAppProtection', named, 'App Protection/A_iosManagedAppProtection'],
  ['appConfigManagedApp', named, 'App Protection/A_targetedManagedAppConfiguration'],
  ['endpointSecurityIntent', { ...named, templateId: 't-1' }, 'Management Intents/t-1/A'],
];

describe("IntuneCD's layout", () => {
  // Catches: a folder or a suffix that would give every file of a team's repository a new name.
  it.each(golden)('puts the %s %j at %s', (type, item, path) => {
    const file = fileOf(type, item);
    expect(`${file.folder}/${file.name}`).toBe(path);
  });

  // Catches: a type written to a path that an import does not map back to it.
  it('gives every type of the catalogue a path that maps back to the type', () => {
    for (const { type, nameProperty } of policyTypes) {
      const rules = intuneCdRules.filter((rule) => rule.type === type);
      const hints = (rules.length === 0 ? [undefined] : rules).map((rule) =>
        rule?.when === undefined ? {} : { [rule.when.property]: rule.when.equals ?? 'x' },
      );
      for (const hint of hints) {
        const file = fileOf(type, { [nameProperty]: 'A', templateId: 't', ...hint });
        const place = intuneCdPlace(`${file.folder}/${file.name}.json`);
        if (place.kind !== 'policy') throw new Error(`${type}: ${place.kind}`);
        expect(readIntuneCdFile(file.json(groups), place.rules)?.type).toBe(type);
      }
    }
  });

  it.each([
    ['Settings Catalog/a.yaml', 'unknown'],
    ['Somewhere/a.json', 'unknown'],
    ['a.json', 'unknown'],
    ['prod-documentation.md', 'beside'],
    ['.git/config', 'beside'],
    ['Scripts/Shell/Script Data/a.sh', 'beside'],
    ['Entra/Domains/a.json', 'unsupported'],
    ['Applications/iOS/a.json', 'unsupported'],
  ])('classifies %s as %s', (path, kind) => {
    expect(intuneCdPlace(path).kind).toBe(kind);
  });
});

describe("IntuneCD's file", () => {
  // Catches: a member that IntuneCD removes, children beside the policy, rewritten numbers, kept ids of assignments.
  it('holds the policy, its children and its assignments in one object', () => {
    const document =
      '{"item":{"id":"1","@odata.context":"x","displayName":"Ä","version":3,"big":9007199254740993,"one":1.0,"createdDateTime":"x"},' +
      '"children":{"scheduledActionsForRule":[{"id":"r","ruleName":"n","scheduledActionConfigurations":[{"id":"c","actionType":"block"}]}]},' +
      '"assignments":[{"id":"a","sourceId":"s","source":"direct","target":{"groupId":"g"}}]}';
    expect(intuneCdFile(typeOf('compliancePolicy'), document, words).json(groups)).toBe(
      `{
     "displayName": "\\u00c4",
     "big": 9007199254740993,
     "one": 1.0,
     "scheduledActionsForRule": [
          {
               "ruleName": "n",
               "scheduledActionConfigurations": [
                    {
                         "actionType": "block"
                    }
               ]
          }
     ],
     "assignments": [
          {
               "source": "direct",
               "target": {
                    "groupId": "g"
               }
          }
     ]
}`,
    );
  });

  it('holds nested parts inside their elements, and an import moves them back', () => {
    const snapshot = {
      item: { displayName: 'A' },
      children: {
        definitionValues: [{ id: 'd', enabled: true }],
        presentationValues: { d: [{ id: 'p', value: 1 }] },
      },
      assignments: [],
    };
    const type = typeOf('administrativeTemplate');
    const file = intuneCdFile(type, JSON.stringify(snapshot), words);
    expect(JSON.parse(file.json(groups)).definitionValues).toEqual([
      { id: 'd', enabled: true, presentationValues: [{ id: 'p', value: 1 }] },
    ]);
    const place = intuneCdPlace('Group Policy Configurations/A.json');
    const rules = place.kind === 'policy' ? place.rules : [];
    expect(
      JSON.parse(readIntuneCdFile(file.json(groups), rules)?.document(type, ids) ?? ''),
    ).toEqual(snapshot);
  });

  // Catches: ids in files, which would change each of them, or names in a set, unknown to Graph.
  it('holds the names of tags and filters, and an import finds their ids', () => {
    const filter = 'deviceAndAppManagementAssignmentFilterId';
    const item = { displayName: 'A', roleScopeTagIds: ['7', '8'] };
    const assignments = [{ target: { [filter]: 'f-1' } }, { target: { [filter]: null } }];
    const type = typeOf('powershellScript');
    const text = fileOf(type.type, item, {}, assignments).json(groups);
    expect(JSON.parse(text)).toEqual({
      displayName: 'A',
      roleScopeTagIds: ['Finance', '8'],
      assignments: [{ target: { [filter]: 'Laptops' } }, { target: { [filter]: null } }],
    });
    const place = intuneCdPlace('Scripts/Powershell/A.json');
    const rules = place.kind === 'policy' ? place.rules : [];
    const document = readIntuneCdFile(text, rules)?.document(type, ids) ?? '';
    expect(JSON.parse(document)).toEqual({ item, children: {}, assignments });
  });

  // Catches: a lost id of a group that cannot be found by its name, and names of groups sent to Graph.
  it('describes groups as IntuneCD does, and an import finds the ids of unique names', () => {
    const target = (groupId: string) => ({
      ...{ '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId },
    });
    const assignments = ['G-1', 'g-2', 'g-3', 'g-4'].map((id) => ({ target: target(id) }));
    const type = typeOf('powershellScript');
    const text = fileOf(type.type, { displayName: 'A' }, {}, assignments).json(groups);
    const { groupId: _none, ...known } = target('');
    expect(JSON.parse(text).assignments).toEqual([
      { target: { ...known, groupName: 'Pilot', groupType: 'StaticMembership' } },
      {
        target: {
          ...{ ...known, groupName: 'Sales', groupType: 'DynamicMembership' },
          membershipRule: 'r',
        },
      },
      {
        target: { ...known, groupId: 'g-3', groupName: 'Twin', groupType: 'StaticMembership' },
      },
      { target: target('g-4') },
    ]);
    const place = intuneCdPlace('Scripts/Powershell/A.json');
    const policy = readIntuneCdFile(text, place.kind === 'policy' ? place.rules : []);
    expect(policy?.groupNames()).toEqual(['Pilot', 'Sales']);
    const document = policy?.document(type, { ...ids, groups: new Map([['Pilot', 'g-1']]) });
    expect(JSON.parse(document ?? '').assignments).toEqual([
      { target: target('g-1') },
      {
        target: {
          ...{ ...known, groupName: 'Sales', groupType: 'DynamicMembership' },
          membershipRule: 'r',
        },
      },
      { target: target('g-3') },
      { target: target('g-4') },
    ]);
  });

  it('has scripts beside it as text', () => {
    const content = Buffer.from('Write-Host "ä"').toString('base64');
    const file = fileOf('powershellScript', {
      ...named,
      fileName: 'do.ps1',
      scriptContent: content,
    });
    expect(file.scripts).toEqual([{ folder: 'Scripts/Powershell/Script Data', name: 'do.ps1' }]);
    expect(file.script(0)).toBe('Write-Host "ä"');
    const broken = fileOf('powershellScript', { ...named, scriptContent: '/w==' });
    expect(broken.script(0)).toBe('/w==');
  });

  // Catches: members named like JavaScript's own that disappear or change a prototype.
  it('keeps keys such as __proto__ as data', () => {
    const document =
      '{"item":{"displayName":"A","__proto__":{"a":1}},"children":{},"assignments":null}';
    const text = intuneCdFile(typeOf('scopeTag'), document, words).json(groups);
    expect(text).toContain('"__proto__": {\n          "a": 1\n     }');
  });
});

describe('pythonJson', () => {
  // The output of json.dumps(value, indent=5) in Python 3.11.
  it('writes JSON as Python does', () => {
    const text =
      '{"a":[],"b":{},"c":"\\u007f\\u00e9\\ud83d\\ude00\\t\\"\\\\/\\u0001","d":[true,null,[1]]}';
    expect(pythonJson(parseLiterals(text))).toBe(
      `{
     "a": [],
     "b": {},
     "c": "\\u007f\\u00e9\\ud83d\\ude00\\t\\"\\\\/\\u0001",
     "d": [
          true,
          null,
          [
               1
          ]
     ]
}`,
    );
  });
});
