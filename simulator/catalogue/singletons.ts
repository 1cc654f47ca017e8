import type { JsonObject } from '../json/object.ts';
import { objectOf } from '../json/object.ts';

/** Single objects that clients read beside the collections; the same in every tenant. */
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
    objectOf({ id: 'androidManagedStoreAccountEnterpriseSettings', bindStatus: 'notBound' }),
  ],
]);

/** Single objects that no sample tenant has set up. */
const missing = ['/devicemanagement/applepushnotificationcertificate'];

/** The single object at a path; null if there could be one but is none, undefined if the path is not that of one. */
export function singletonAt(path: string): JsonObject | null | undefined {
  const key = path.toLowerCase().replace(/\/+$/, '');
  return missing.includes(key) ? null : singletons.get(key);
}
