import type { JsonObject } from '../json/object.ts';
import { member, stringOf, textOf, valueOf, withMember } from '../json/object.ts';
import type { Refusal, TenantView } from './collection-type.ts';

const path = '/deviceManagement/deviceEnrollmentConfigurations';

/** How the ids of each kind end, and what the kind is called. */
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

/** The id of a new enrolment configuration, which tells its kind. */
export function enrollmentId(guid: string, body: JsonObject): string {
  return `${guid}_${kindOf(body)?.[0] ?? 'EnrollmentConfiguration'}`;
}

/** Refuses what would be a second default of the tenant, a kind that Intune does not have, or a priority that is taken. */
export function checkNewEnrollment(body: JsonObject, tenant: TenantView): Refusal {
  if (kindOf(body) === undefined) return 'The type of the enrollment configuration is not known';
  const priority = valueOf(body, 'priority');
  if (priority === 0) return 'The default enrollment configuration exists and cannot be created';
  return typeof priority === 'number' && prioritiesOfKind(body, tenant).includes(priority)
    ? `The priority ${priority} is in use by another enrollment configuration`
    : null;
}

/** A new configuration with the last priority of its kind unless it brings one, and with the name of its kind. */
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

/** Apple's profiles stand in an order, too. */
export const appleProfilesPath = '/deviceManagement/appleUserInitiatedEnrollmentProfiles';

/** A new profile of Apple's enrolment comes last of those of its platform. */
export function initialAppleProfile(body: JsonObject, { store, tenantId }: TenantView): JsonObject {
  const platform = stringOf(body, 'platform');
  const others = store
    .bodies(tenantId, appleProfilesPath)
    .filter((other) => stringOf(other, 'platform') === platform)
    .map((other) => Number(valueOf(other, 'priority') ?? 0));
  return withMember(body, 'priority', String(Math.max(0, ...others) + 1));
}

/** The defaults of a tenant, priority 0, are for everyone and for ever. */
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
