import { randomUUID } from 'node:crypto';
import { assignedPolicy, to } from './assigned-policies.ts';
import * as estate from './estate.ts';

export const profilesPath = '/deviceManagement/deviceConfigurations';
const appsPath = '/deviceAppManagement/mobileApps';
export const appSettingsPath = '/deviceAppManagement/mobileAppConfigurations';

/** Referenced objects with the same names in both tenants and different ids. */
export function foundations(tagId: string) {
  const certificate = {
    '@odata.type': '#microsoft.graph.windows81TrustedRootCertificate',
    ...{ id: randomUUID(), displayName: 'Root', trustedRootCertificate: 'AAAA' },
    ...{ certFileName: 'root.cer', roleScopeTagIds: ['0'], assignments: [] },
  };
  const app = {
    '@odata.type': '#microsoft.graph.iosStoreApp',
    ...{ id: randomUUID(), displayName: 'Maps', publisher: 'Contoso', bundleId: 'com.contoso' },
    ...{ categories: [], assignments: [] },
  };
  return {
    tag: estate.scopeTag('Berlin', tagId),
    filter: estate.filter('Corporate'),
    template: estate.notificationTemplate('Reminder'),
    certificate: { path: profilesPath, body: certificate },
    app: { path: appsPath, body: app },
  };
}

/** The actions of a compliance policy besides the mandatory block. */
function blockedLater(notificationTemplateId: string) {
  const nobody = '00000000-0000-0000-0000-000000000000';
  const [notify, block] = [
    { actionType: 'notification', gracePeriodHours: 0, notificationTemplateId },
    { actionType: 'block', gracePeriodHours: 24, notificationTemplateId: nobody },
  ].map((action) => ({ id: randomUUID(), notificationMessageCCList: [], ...action }));
  const rule = { id: randomUUID(), ruleName: 'PasswordRequired' };
  const scheduledActionsForRule = [{ ...rule, scheduledActionConfigurations: [notify, block] }];
  return { scheduledActionsForRule, assignments: [] };
}

/** One policy for each reference, and the group of an assignment. */
export function policiesOver({
  app,
  certificate,
  filter,
  tag,
  template,
}: ReturnType<typeof foundations>) {
  const groupId = randomUUID();
  const tagIds = [tag.body.id];
  const compliance = estate.compliancePolicy('Judged', { tagIds });
  const scep = {
    '@odata.type': '#microsoft.graph.windows81SCEPCertificateProfile',
    ...{ id: randomUUID(), displayName: 'Device certificate', roleScopeTagIds: ['0'] },
    ...{ scepServerUrls: ['https://scep.example'], assignments: [] },
    rootCertificate: { id: certificate.body.id },
  };
  const appSettings = {
    '@odata.type': '#microsoft.graph.iosMobileAppConfiguration',
    ...{ id: randomUUID(), displayName: 'Maps settings', roleScopeTagIds: ['0'], settings: [] },
    ...{ targetedMobileApps: [app.body.id], assignments: [] },
  };
  return {
    groupId,
    objects: [
      { path: compliance.path, body: { ...compliance.body, ...blockedLater(template.body.id) } },
      assignedPolicy('Filtered', [to.group(groupId, filter.body.id)]),
      { path: profilesPath, body: scep },
      { path: appSettingsPath, body: appSettings },
    ],
  };
}
