import type { JsonObject } from '../json/object.ts';
import { objectOf } from '../json/object.ts';

/** Single objects requested by clients; the same in every tenant. */
const singletons: ReadonlyMap<string, JsonObject> = new Map([
  [
    '/devicemanagement',
    objectOf({
      id: 'deviceManagement',
      subscriptionState: 'active',
      deviceProtectionOverview: null,
    }),
  ],
  [
    '/devicemanagement/settings',
    objectOf({
      deviceComplianceCheckinThresholdDays: 30,
      isScheduledActionEnabled: true,
      secureByDefault: true,
    }),
  ],
  [
    '/devicemanagement/androidmanagedstoreaccountenterprisesettings',
    objectOf({
      id: 'androidManagedStoreAccountEnterpriseSettings',
      bindStatus: 'boundAndValidated',
      lastAppSyncDateTime: '2026-09-01T06:00:00Z',
      lastAppSyncStatus: 'success',
      ownerUserPrincipalName: 'mobile.devices@example.com',
      ownerOrganizationName: 'Example',
      enrollmentTarget: 'all',
      deviceOwnerManagementEnabled: true,
    }),
  ],
  [
    '/devicemanagement/applepushnotificationcertificate',
    objectOf({
      id: 'applePushNotificationCertificate',
      appleIdentifier: 'mobile.devices@example.com',
      topicIdentifier: 'com.apple.mgmt.External.00000000-0000-4000-8000-0000000a9115',
      expirationDateTime: '2027-06-01T00:00:00Z',
      certificateUploadStatus: null,
      certificateSerialNumber: '0A9115',
      certificate: null,
    }),
  ],
]);

/** Returns the single object at a path, or undefined. */
export function singletonAt(path: string): JsonObject | undefined {
  return singletons.get(path.toLowerCase().replace(/\/+$/, ''));
}
