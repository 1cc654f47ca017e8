import type { JsonObject } from '../json/object.ts';
import { member, stringOf, textOf, valueOf, withMember } from '../json/object.ts';
import type { Refusal, TenantView } from './collection-type.ts';

const path = '/deviceManagement/deviceEnrollmentConfigurations';

/** The id suffix and the name of each kind. */
const kinds: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['deviceEnrollmentLimitConfiguration', ['Limit', 'limit']],
  [
    'deviceEnrollmentPlatformRestrictionsConfiguration',
    ['PlatformRestrictions', 'platformRestrictions'],
  ],
  [
    'deviceEnrollmentPlatformRestrictionConfiguration',
    ['SinglePlatformRestriction', 'singlePlatformRestriction'],
  ],
  [
    'deviceEnrollmentWindowsHelloForBusinessConfiguration',
    ['WindowsHelloForBusiness', 'windowsHelloForBusiness'],
  ],
  [
    'windows10EnrollmentCompletionPageConfiguration',
    [
      'Windows10EnrollmentCompletionPageConfiguration',
      'windows10EnrollmentCompletionPageConfiguration',
    ],
  ],
  [
    'deviceComanagementAuthorityConfiguration',
    ['DeviceComanagementAuthorityConfiguration', 'deviceComanagementAuthorityConfiguration'],
  ],
  [
    'deviceEnrollmentNotificationConfiguration',
    ['EnrollmentNotificationsConfiguration', 'enrollmentNotificationsConfiguration'],
  ],
  ['windowsRestoreDeviceEnrollmentConfiguration', ['WindowsRestore', 'windowsRestore']],
]);

/** Returns the id of a new enrolment configuration, with its kind as suffix. */
export function enrollmentId(guid: string, body: JsonObject): string {
  return `${guid}_${kindOf(body)?.[0] ?? 'EnrollmentConfiguration'}`;
}

/** Refuses a second default of the tenant, an unknown kind, and a used priority. */
export function checkNewEnrollment(body: JsonObject, tenant: TenantView): Refusal {
  if (kindOf(body) === undefined) return 'The type of the enrollment configuration is not known';
  const priority = valueOf(body, 'priority');
  if (priority === 0) return 'The default enrollment configuration exists and cannot be created';
  return typeof priority === 'number' && prioritiesOfKind(body, tenant).includes(priority)
    ? `The priority ${priority} is in use by another enrollment configuration`
    : null;
}

/** Adds the last priority of its kind to a new configuration without one, and the kind's name. */
export function initialEnrollment(body: JsonObject, tenant: TenantView): JsonObject {
  const next = Math.max(0, ...prioritiesOfKind(body, tenant)) + 1;
  const placed =
    textOf(body, 'priority') === undefined ? withMember(body, 'priority', String(next)) : body;
  return textOf(placed, 'deviceEnrollmentConfigurationType') === undefined
    ? [
        ...placed,
        member('deviceEnrollmentConfigurationType', JSON.stringify(kindOf(body)?.[1] ?? 'unknown')),
      ]
    : placed;
}

/** Apple's profiles have an order, too. */
export const appleProfilesPath = '/deviceManagement/appleUserInitiatedEnrollmentProfiles';

/** Puts a new Apple profile last among those of its platform. */
export function initialAppleProfile(body: JsonObject, { store, tenantId }: TenantView): JsonObject {
  const platform = stringOf(body, 'platform');
  const others = store
    .bodies(tenantId, appleProfilesPath)
    .filter((other) => stringOf(other, 'platform') === platform)
    .map((other) => Number(valueOf(other, 'priority') ?? 0));
  return withMember(body, 'priority', String(Math.max(0, ...others) + 1));
}

/** A tenant's defaults, priority 0, apply to all and cannot be assigned or deleted. */
export function refuseDefault(stored: JsonObject): Refusal {
  return valueOf(stored, 'priority') === 0
    ? 'The default enrollment configuration can be neither assigned nor deleted'
    : null;
}

function prioritiesOfKind(body: JsonObject, { store, tenantId }: TenantView): number[] {
  const same = ['@odata.type', 'platformType'] as const;
  return store
    .list(tenantId, path)
    .map((object) => object.body)
    .filter((other) => same.every((key) => stringOf(other, key) === stringOf(body, key)))
    .map((other) => Number(valueOf(other, 'priority') ?? 0));
}

function kindOf(body: JsonObject): readonly [string, string] | undefined {
  return kinds.get((stringOf(body, '@odata.type') ?? '').replace('#microsoft.graph.', ''));
}
