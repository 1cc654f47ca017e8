import { kindOf } from './restorable.ts';
import { nameOf, type TenantObject } from './tenant-object.ts';

/** Members that the service computes or keeps for itself: two equal objects may differ in them. */
const putAside = new Set([
  ...['createdDateTime', 'lastModifiedDateTime', 'modifiedDateTime', 'uploadDateTime', 'version'],
  ...['isAssigned', 'supportsScopeTags', 'settingCount', 'creationSource', 'priorityMetaData'],
  ...['deployedAppCount', 'referencingConfigurationPolicyCount', 'status', 'errorCode'],
  ...['deployableContentDisplayName', 'endOfSupportDate', 'releaseDateDisplayName'],
  ...['newUpdates', 'deviceReporting', 'inventorySyncStatus', 'highestAvailableVersion'],
  ...['policyConfigurationIngestionType', 'isMigratingToConfigurationPolicy', 'isEncrypted'],
  ...['secretReferenceValueId', 'itemType', 'source', 'sourceId', 'permissions', 'priority'],
  ...['qualityUpdatesPauseStartDate', 'featureUpdatesPauseStartDate', 'isGlobalScript'],
]);

/** Embedded objects that count by their id alone. */
const namedByIdOnly = new Set(['definition', 'presentation', 'authenticationStrength']);
/** Children of children, which are sets as well. */
const nestedChildren = new Set(['scheduledActionConfigurations', 'presentationValues']);
const scopeTagNames = new Set(['roleScopeTagIds', 'roleScopeTags']);
const noObject = '00000000-0000-0000-0000-000000000000';

/** The canonical form of a tenant's id. */
export type Naming = (id: string) => string | null;

/** The content of an object without names and dates: references as type and name, children as sets. */
export type Canonical = Readonly<Record<string, unknown>>;

/** The names of a tenant's objects by id; scope tags have numbers, and names of their own. */
export function namings(objects: readonly TenantObject[]): { object: Naming; scopeTag: Naming } {
  const byId = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const object of objects) {
    const isTag = object.path.endsWith('/roleScopeTags');
    if (object.path === '/groups') continue;
    const path = kindOf(object)?.path ?? object.path;
    (isTag ? tags : byId).set(object.id, `→ ${path.split('/').at(-1)} “${nameOf(object)}”`);
  }
  return { object: (id) => byId.get(id) ?? null, scopeTag: (id) => tags.get(id) ?? null };
}

/** An object in canonical form, with its tenant's `naming`. Assignments are compared separately. */
export function canonicalBody(
  { body }: TenantObject,
  naming: ReturnType<typeof namings>,
  groupOf: (groupId: string) => string,
): Canonical {
  const canonical = (value: unknown, key: string, depth: number): unknown => {
    if (Array.isArray(value)) return canonicalArray(value, key, depth);
    if (isRecord(value)) return canonicalObject(value, key, depth);
    return typeof value === 'string' ? canonicalText(value, key) : value;
  };
  const canonicalText = (text: string, key: string): unknown => {
    if (text === noObject) return null;
    if (scopeTagNames.has(key)) return naming.scopeTag(text) ?? text;
    const [, prefix = '', id = text] = /^([A-Za-z]+_)([\da-f-]{36})$/.exec(text) ?? [];
    const named = naming.object(text) ?? naming.object(id);
    return named === null ? groupOf(text) : `${naming.object(text) === null ? prefix : ''}${named}`;
  };
  const canonicalArray = (values: readonly unknown[], key: string, depth: number): unknown => {
    const all = values.map((value) => canonical(value, key, depth + 1));
    // Children and lists of plain values are sets; the order of objects in deeper lists may count.
    const isSet =
      depth <= 1 || nestedChildren.has(key) || values.every((value) => !isRecord(value));
    return isSet ? all.toSorted((left, right) => compareTexts(textOf(left), textOf(right))) : all;
  };
  const canonicalObject = (value: Record<string, unknown>, key: string, depth: number): unknown => {
    const { id } = value;
    if (typeof id === 'string' && depth > 0) {
      const named = key === 'roleScopeTags' ? naming.scopeTag(id) : naming.object(id);
      if (named !== null) return named;
      if (namedByIdOnly.has(key) || key === 'roleScopeTags') return id;
    }
    const members = Object.entries(value)
      .filter(([name]) => name !== 'id' && !putAside.has(name) && !isAnnotation(name))
      .map(([name, member]) => [name, canonical(member, name, depth + 1)] as const)
      .filter(([, member]) => !isNothing(member))
      .toSorted(([left], [right]) => compareTexts(left, right));
    return Object.fromEntries(members);
  };
  const own = Object.entries(body).filter(([name]) => name !== 'assignments');
  return canonicalObject(Object.fromEntries(own), '', 0) as Canonical;
}

/** The text to compare canonical values by. */
export function textOf(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

/** Compares texts in the same way on every machine. */
export function compareTexts(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function isAnnotation(name: string): boolean {
  return name.includes('@odata.') && name !== '@odata.type';
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
