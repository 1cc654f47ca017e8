import type { JsonObject } from '../json/object.ts';
import {
  arrayText,
  isObjectText,
  objectsOf,
  objectText,
  parseObject,
  stringOf,
  textOf,
  withMember,
} from '../json/object.ts';
import { assigning, assigningSilently } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import type { CollectionType, TenantView } from './collection-type.ts';
import { collection } from './collection-type.ts';
import {
  checkOmaSettings,
  withEncryptedOmaSettings,
  withMaskedOmaSettings,
} from './oma-settings.ts';
import { tenantObject } from './tenant-objects.ts';
import { withoutSecrets, withRecalledSecrets } from './withheld-secrets.ts';

const assignWithContent = assigning();
const assignWithoutContent = assigningSilently('assignments', 200);

/** Children of derived profiles: privacy controls, and links to certificates. */
const profileLinks = [
  child('privacyAccessControls'),
  child('rootCertificatesForServerValidation', { linked: true }),
  ...[
    'rootCertificateForServerValidation',
    'rootCertificateForClientValidation',
    'identityCertificateForClientAuthentication',
    'rootCertificate',
    'identityCertificate',
  ].map((name) => child(name, { single: true, linked: true })),
];

/** The classic profiles of all platforms, including update rings. */
export const deviceConfigurations: CollectionType = collection(
  '/deviceManagement/deviceConfigurations',
  'deviceConfiguration',
  {
    polymorphic: true,
    abstract: true,
    inV1: true,
    pageSize: 1000,
    children: [...profileLinks, assignments()],
    assign: assignWithContent,
    update: { method: 'PATCH', status: 204 },
    versioned: true,
    actions: ['windowsPrivacyAccessControls'],
    present: (body) => withMaskedOmaSettings(withoutSecrets(body)),
    presentAlone: withPresentLinks,
    recalled: withRecalledSecrets,
    checkCreate: checkOmaSettings,
    written: withEncryptedOmaSettings,
  },
);

/** Members of a linked profile shown in the link. */
const shownOfLinked = ['@odata.type', 'id', 'displayName'];

/** Shows the present state of linked profiles; a link to a deleted profile shows nothing. */
function withPresentLinks(body: JsonObject, tenant: TenantView): JsonObject {
  return profileLinks
    .filter(({ linked, name }) => linked && textOf(body, name) !== undefined)
    .reduce((object, { name, single }) => {
      const links = single ? linkIn(object, name) : objectsOf(object, name);
      const texts = links
        .map((link) => tenantObject(deviceConfigurations, tenant, stringOf(link, 'id') ?? ''))
        .filter((target) => target !== undefined)
        .map((target) => objectText(target.filter(({ key }) => shownOfLinked.includes(key))));
      return withMember(object, name, single ? (texts[0] ?? 'null') : arrayText(texts));
    }, body);
}

function linkIn(body: JsonObject, name: string): JsonObject[] {
  const text = textOf(body, name) ?? 'null';
  return isObjectText(text) ? [parseObject(text)] : [];
}

/** BIOS settings by device makers. */
export const hardwareConfigurations = collection(
  '/deviceManagement/hardwareConfigurations',
  'hardwareConfiguration',
  { children: [assignments()], assign: assignWithContent, versioned: true },
);

/** Windows feature updates; their list cannot be filtered. */
export const windowsFeatureUpdateProfiles = collection(
  '/deviceManagement/windowsFeatureUpdateProfiles',
  'windowsFeatureUpdateProfile',
  { children: [assignments()], assign: assignWithoutContent, filterable: false },
);

/** Expedited quality updates. */
export const windowsQualityUpdateProfiles = collection(
  '/deviceManagement/windowsQualityUpdateProfiles',
  'windowsQualityUpdateProfile',
  { children: [assignments()], assign: assignWithoutContent },
);

/** Hotpatch policies. */
export const windowsQualityUpdatePolicies = collection(
  '/deviceManagement/windowsQualityUpdatePolicies',
  'windowsQualityUpdatePolicy',
  { children: [assignments()], assign: assignWithoutContent },
);

/** Driver updates. */
export const windowsDriverUpdateProfiles = collection(
  '/deviceManagement/windowsDriverUpdateProfiles',
  'windowsDriverUpdateProfile',
  { children: [assignments()], assign: assignWithoutContent },
);
