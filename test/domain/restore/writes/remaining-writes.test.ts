import { describe, expect, it } from '@jest/globals';
import { parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { remainingWrites } from '#domain/restore/writes/remaining-writes.ts';
import {
  bodyOf,
  partsDocument,
  plannedWrites,
  summary,
  toGroup,
  typeOf,
} from '#test/domain/support/planned-writes.ts';
import { sampleOf } from '#test/graph/support/samples.ts';

// The requests of each kind. test/graph/restore/writes.test.ts proves that Graph accepts them.

const exclusionOf = (groupId: string) => ({
  target: { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId },
});

const scripts = '/deviceManagement/deviceManagementScripts/{id}';

describe('a change of an object', () => {
  // Catches: a PATCH of everything, which would overwrite unknown properties and be refused for fixed ones; and a PATCH
  // without the type, which Graph refuses for derived types.
  it('names the type and only the differing properties', () => {
    const kind = { '@odata.type': '#microsoft.graph.iosCustomConfiguration' };
    const live = {
      item: { ...kind, id: 'a', displayName: 'Old', description: 'Same', version: 3, isNew: true },
    };
    const desired = {
      item: {
        ...kind,
        id: 'b',
        'displayName@odata.type': '#String',
        displayName: 'New',
        description: 'Same',
        version: 2,
        createdDateTime: '2026-01-01T00:00:00Z',
      },
    };
    const [write, ...others] = plannedWrites('deviceConfiguration', desired, live);
    expect(others).toEqual([]);
    expect(write).toMatchObject({ name: 'update', method: 'PATCH', repeatable: true });
    expect(write?.path).toBe('/deviceManagement/deviceConfigurations/{id}');
    expect(bodyOf(write)).toEqual({ ...kind, displayName: 'New' });
  });

  // Catches: null taken for absent in the desired document: a restore must empty the description again.
  it('writes null if the desired item says null, and no absent property', () => {
    const live = { item: { id: 'a', description: 'Text', runAsAccount: 'user' } };
    const [write] = plannedWrites(
      'powershellScript',
      { item: { id: 'a', description: null } },
      live,
    );
    expect(bodyOf(write)).toEqual({ description: null });
    expect(plannedWrites('powershellScript', { item: { id: 'a' } }, live)).toEqual([]);
  });

  // Catches: numbers converted by JavaScript.
  it('keeps the spelling of numbers', () => {
    const desired =
      '{"item":{"__proto__":1.0,"max":9007199254740993},"children":{},"assignments":null}';
    const live =
      '{"item":{"__proto__":1.5,"max":9007199254740992},"children":{},"assignments":null}';
    const [write] = remainingWrites(
      typeOf('powershellScript'),
      parseDocument(desired),
      parseDocument(live),
    );
    expect(write?.body).toBe('{"__proto__":1.0,"max":9007199254740993}');
  });

  it('does not contain properties that Graph refuses in a change', () => {
    const desired = { item: { displayName: 'A', platform: 'iOS', payloads: [] } };
    const live = { item: { displayName: 'A', platform: 'android', payloads: [1] } };
    expect(plannedWrites('assignmentFilter', desired, live)).toEqual([]);
  });

  // Catches: a PUT without the settings, which deletes them, or without a property, which resets it.
  it('contains the whole object and its children in a PUT', () => {
    const setting = (id: string, value: number) => ({
      id,
      settingInstance: { settingDefinitionId: 'x', simpleSettingValue: { value } },
    });
    const item = { id: 'a', name: 'P', description: null, settingCount: 1, creationSource: null };
    const [write, ...others] = plannedWrites(
      'settingsCatalogPolicy',
      { item, children: { settings: [setting('0', 1)] } },
      { item, children: { settings: [setting('0', 2)] } },
    );
    expect(others).toEqual([]);
    expect(write).toMatchObject({ name: 'update', method: 'PUT', repeatable: true });
    expect(bodyOf(write)).toEqual({
      name: 'P',
      description: null,
      settings: [
        { settingInstance: { settingDefinitionId: 'x', simpleSettingValue: { value: 1 } } },
      ],
    });
  });

  // Catches: an authentication strength compared, or sent, with everything that Graph shows of it.
  it('refers to other objects by their ids alone', () => {
    const controls = (displayName: string, operator: string) => ({
      item: {
        id: 'a',
        grantControls: {
          operator,
          'authenticationStrength@odata.context': 'x',
          authenticationStrength: { id: 's', displayName, allowedCombinations: [] },
        },
      },
    });
    expect(
      plannedWrites('conditionalAccess', controls('Mine', 'OR'), controls('Yours', 'OR')),
    ).toEqual([]);
    const [write] = plannedWrites(
      'conditionalAccess',
      controls('Mine', 'OR'),
      controls('Yours', 'AND'),
    );
    expect(bodyOf(write)).toEqual({
      grantControls: { operator: 'OR', authenticationStrength: { id: 's' } },
    });
  });

  it('changes only the settings of an object that every tenant has', () => {
    const desired = {
      item: { isDefaultProfile: true, profileName: 'A', themeColor: 'red' },
      assignments: [toGroup('g')],
    };
    const live = {
      item: { isDefaultProfile: true, profileName: 'B', themeColor: 'blue' },
      assignments: [],
    };
    const found = plannedWrites('intuneBranding', desired, live);
    expect(found.map(bodyOf)).toEqual([{ themeColor: 'red' }]);
    const priority = { item: { priority: 2, limit: 5 }, assignments: [toGroup('g')] };
    const now = { item: { priority: 0, limit: 15 }, assignments: [] };
    expect(summary(plannedWrites('enrollmentConfiguration', priority, now))).toEqual([
      'update: PATCH /deviceManagement/deviceEnrollmentConfigurations/{id}',
    ]);
  });
});

describe('secrets', () => {
  const masked = { '@odata.type': '#s', omaUri: './a', isEncrypted: true, value: '****' };
  const plain = { '@odata.type': '#s', omaUri: './a', isEncrypted: false, value: 'a' };

  // Catches: a mask that becomes the password.
  it('are never written as masks', () => {
    const desired = { item: { displayName: 'New', omaSettings: [masked] } };
    const live = { item: { displayName: 'Old', omaSettings: [] } };
    expect(plannedWrites('deviceConfiguration', desired, live).map(bodyOf)).toEqual([
      { displayName: 'New' },
    ]);
    expect(bodyOf(plannedWrites('deviceConfiguration', desired, null)[0])).toEqual({
      displayName: 'New',
    });
  });

  // Catches: a restore without an end, because Graph masks the value just written.
  it('count as written if Graph masks them', () => {
    const desired = { item: { omaSettings: [plain] } };
    expect(
      plannedWrites('deviceConfiguration', desired, { item: { omaSettings: [masked] } }),
    ).toEqual([]);
    const other = { item: { omaSettings: [{ ...masked, description: 'x' }] } };
    expect(plannedWrites('deviceConfiguration', desired, other).map(bodyOf)).toEqual([
      { omaSettings: [{ '@odata.type': '#s', omaUri: './a', value: 'a' }] },
    ]);
  });

  it('are written without the reference that Graph gave them', () => {
    const setting = { ...plain, secretReferenceValueId: null };
    const [write] = plannedWrites(
      'deviceConfiguration',
      { item: { omaSettings: [setting] } },
      null,
    );
    expect(bodyOf(write)).toEqual({
      omaSettings: [{ '@odata.type': '#s', omaUri: './a', value: 'a' }],
    });
  });
});

describe('assignments', () => {
  const inherited = { ...toGroup('set'), id: '1', source: 'policySets', sourceId: 's' };

  // Catches: a part of the set, which deletes the rest; and inherited assignments, which Graph refuses.
  it('are written as a whole set, without those of policy sets', () => {
    const run = { '@odata.type': '#a', runSchedule: { interval: 1 }, runRemediationScript: true };
    const desired = {
      assignments: [
        { id: 'x', source: 'direct', sourceId: 'y', ...run, ...toGroup('g') },
        inherited,
      ],
    };
    const [write, ...others] = plannedWrites('remediation', desired, { assignments: [inherited] });
    expect(others).toEqual([]);
    expect(write).toMatchObject({ name: 'assign', method: 'POST', repeatable: true });
    expect(write?.path).toBe('/deviceManagement/deviceHealthScripts/{id}/assign');
    expect(bodyOf(write)).toEqual({ deviceHealthScriptAssignments: [{ ...run, ...toGroup('g') }] });
  });

  it('stay if they are unknown, and are removed if the backup had none', () => {
    const live = { assignments: [toGroup('g')] };
    expect(plannedWrites('powershellScript', { assignments: null }, live)).toEqual([]);
    const [write] = plannedWrites('powershellScript', { assignments: [] }, live);
    expect(bodyOf(write)).toEqual({ deviceManagementScriptAssignments: [] });
    expect(summary(plannedWrites('powershellScript', { assignments: [] }, live))).toEqual([
      `assign: POST ${scripts}/assign`,
    ]);
  });

  // Catches: a set written again and again, because Graph completes it or reorders it.
  it('are equal in any order and with any spelling of no filter', () => {
    const filter = 'deviceAndAppManagementAssignmentFilter';
    const none = { [`${filter}Type`]: 'none', [`${filter}Id`]: null };
    const desired = { assignments: [toGroup('a'), toGroup('b')] };
    const live = {
      assignments: [
        { id: '9', source: 'direct', sourceId: 'z', ...toGroup('b', none) },
        { id: '8', source: 'direct', sourceId: 'z', ...toGroup('a', none) },
        inherited,
      ],
    };
    expect(plannedWrites('powershellScript', desired, live)).toEqual([]);
    const filtered = toGroup('a', { [`${filter}Type`]: 'include', [`${filter}Id`]: 'f' });
    const narrower = { assignments: [filtered, toGroup('b')] };
    expect(plannedWrites('powershellScript', narrower, live)).toHaveLength(1);
  });

  // Catches: an order that reaches people between the writes whom neither set reaches.
  it('go one by one if Graph accepts no set, exclusions before inclusions', () => {
    const desired = { assignments: [toGroup('new'), exclusionOf('out'), toGroup('kept')] };
    const live = {
      assignments: [
        { id: 'x_gone', ...toGroup('gone') },
        { id: 'x_back', ...exclusionOf('back') },
        { id: 'x_kept', ...toGroup('kept') },
        { ...inherited, id: 'x_set' },
      ],
    };
    const found = plannedWrites('autopilotProfile', desired, live);
    const path = '/deviceManagement/windowsAutopilotDeploymentProfiles/{id}/assignments';
    expect(summary(found)).toEqual([
      `unassign:x_gone: DELETE ${path}/x_gone`,
      `assignments:exclusionGroupAssignmentTarget+out: POST ${path}`,
      `assignments:groupAssignmentTarget+new: POST ${path}`,
      `unassign:x_back: DELETE ${path}/x_back`,
    ]);
    expect(found.map(({ repeatable }) => repeatable)).toEqual([true, false, false, true]);
    expect(bodyOf(found[2])).toEqual(toGroup('new'));
  });
});

describe('a target without a type', () => {
  // Catches: the planner and the writes reading the same target in two ways, as an exclusion and as an inclusion.
  it('is written like an exclusion: before inclusions, and removed after them', () => {
    const untyped = (groupId: string) => ({ target: { groupId } });
    const found = plannedWrites(
      'autopilotProfile',
      { assignments: [toGroup('new'), untyped('out')] },
      {
        assignments: [
          { id: 'x_back', ...untyped('back') },
          { id: 'x_gone', ...toGroup('gone') },
        ],
      },
    );
    expect(found.map(({ name }) => name)).toEqual([
      'unassign:x_gone',
      'assignments:+out',
      'assignments:groupAssignmentTarget+new',
      'unassign:x_back',
    ]);
  });
});

describe('a new object', () => {
  it('is created without computed properties, by a request that is not repeatable', () => {
    const { body } = sampleOf('customAttribute');
    const { assignments, ...item } = body;
    const desired = { item, assignments: assignments as object[] };
    const [create, assign, ...others] = plannedWrites('customAttribute', desired, null);
    expect(others).toEqual([]);
    expect(create).toMatchObject({ name: 'create', method: 'POST', repeatable: false });
    expect(bodyOf(create)).not.toHaveProperty('id');
    expect(bodyOf(create)).not.toHaveProperty('lastModifiedDateTime');
    expect(bodyOf(create)).toHaveProperty('customAttributeName', body['customAttributeName']);
    expect(assign).toMatchObject({ name: 'assign', repeatable: true });
  });

  it('is created in two steps if Graph accepts only some properties at first', () => {
    const item = {
      displayName: 'T',
      brandingOptions: 'none',
      defaultLocale: 'de',
      description: 'x',
    };
    const message = (locale: string, isDefault: boolean) => ({
      id: `9_${locale}`,
      locale,
      isDefault,
    });
    const children = { localizedNotificationMessages: [message('en', false), message('de', true)] };
    const found = plannedWrites('notificationTemplate', { item, children }, null);
    const path = '/deviceManagement/notificationMessageTemplates';
    expect(summary(found)).toEqual([
      `create: POST ${path}`,
      `update: PATCH ${path}/{id}`,
      `localizedNotificationMessages:de: POST ${path}/{id}/localizedNotificationMessages`,
      `localizedNotificationMessages:en: POST ${path}/{id}/localizedNotificationMessages`,
    ]);
    expect(found.map(bodyOf)).toEqual([
      { displayName: 'T', brandingOptions: 'none' },
      { description: 'x' },
      { locale: 'de', isDefault: true },
      { locale: 'en', isDefault: false },
    ]);
    expect(found.map(({ repeatable }) => repeatable)).toEqual([false, true, false, false]);
  });

  it('from a template is an instance of it, with the settings', () => {
    const item = {
      id: 'i',
      displayName: 'I',
      templateId: 't/1',
      isMigratingToConfigurationPolicy: null,
    };
    const children = { settings: [{ id: 's', definitionId: 'd', valueJson: '1' }] };
    const found = plannedWrites('endpointSecurityIntent', { item, children }, null);
    expect(summary(found)).toEqual([
      'create: POST /deviceManagement/templates/t%2F1/createInstance',
    ]);
    expect(bodyOf(found[0])).toEqual({
      displayName: 'I',
      settingsDelta: [{ definitionId: 'd', valueJson: '1' }],
    });
  });

  it('with a fixed id is created by a repeatable PATCH', () => {
    const found = plannedWrites(
      'authenticationContext',
      { item: { id: 'c3', displayName: 'C' } },
      null,
    );
    expect(found).toEqual([
      {
        name: 'create',
        method: 'PATCH',
        path: '/identity/conditionalAccess/authenticationContextClassReferences/c3',
        body: '{"displayName":"C"}',
        repeatable: true,
      },
    ]);
  });

  it('has an empty text where Graph refuses null', () => {
    const item = { '@odata.type': '#a', displayName: 'A', managementServiceAppId: null };
    const [create] = plannedWrites('autopilotProfile', { item }, null);
    expect(bodyOf(create)).toEqual({ ...item, managementServiceAppId: '' });
  });
});

describe('all writes of an item', () => {
  const cases = policyTypes.filter(({ restore }) => restore !== null).map(({ type }) => type);

  function sampleDocument(key: string): PolicyDocument {
    const { children, assignments } = typeOf(key);
    const names = children.map(({ name }) => name);
    const { assignments: assigned, ...body } = sampleOf(key).body;
    const isChild = ([name]: [string, unknown]) => names.includes(name);
    const members = Object.entries(body);
    return partsDocument({
      item: Object.fromEntries(members.filter((member) => !isChild(member))),
      children: Object.fromEntries(members.filter(isChild)),
      assignments: assignments === null ? null : (assigned as object[]),
    });
  }

  // Catches: two requests with one name, so that the second is taken for the first; and a name that changes between two
  // plans, so that a request is sent twice.
  it.each(cases)('%s: have distinct names, the same each time', (key) => {
    const document = sampleDocument(key);
    const names = remainingWrites(typeOf(key), document, null).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe('create');
    expect(remainingWrites(typeOf(key), document, null).map(({ name }) => name)).toEqual(names);
    expect(remainingWrites(typeOf(key), document, document)).toEqual([]);
  });

  it('are none for a type without a restore rule', () => {
    expect(plannedWrites('mobileApp', { item: { displayName: 'A' } }, null)).toEqual([]);
  });
});
