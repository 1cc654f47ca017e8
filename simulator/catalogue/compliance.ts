import type { JsonObject } from '../json/object.ts';
import { mapObjects, objectsOf, stringOf, withMember } from '../json/object.ts';
import { assigning, assigningSilently } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import { collection } from './collection-type.ts';
import { refuseWhileInUse } from './in-use.ts';
import { reference } from './reference.ts';

const scriptsPath = '/deviceManagement/deviceComplianceScripts';
const actions = 'scheduledActionsForRule/scheduledActionConfigurations';

/** References of scheduled actions: the mail templates, and the groups with a copy of the mail. */
export const actionReferences = [
  reference(`${actions}/notificationTemplateId`, '/deviceManagement/notificationMessageTemplates'),
  reference(`${actions}/notificationMessageCCList`, '/groups'),
];

/** Intune requires exactly one block action. */
function checkBlockAction(body: JsonObject): string | null {
  const blocks = objectsOf(body, 'scheduledActionsForRule')
    .flatMap((rule) => objectsOf(rule, 'scheduledActionConfigurations'))
    .filter((action) => stringOf(action, 'actionType') === 'block');
  return blocks.length === 1
    ? null
    : 'ScheduledActionsForRule must have one and only one block scheduled action';
}

const noTemplate = '00000000-0000-0000-0000-000000000000';

/** Writes the zero GUID into actions without a notification template, as Intune does. */
function withNotificationTemplates(_child: string, rule: JsonObject): JsonObject {
  return mapObjects(rule, 'scheduledActionConfigurations', (action) =>
    (stringOf(action, 'notificationTemplateId') ?? '') === ''
      ? withMember(action, 'notificationTemplateId', JSON.stringify(noTemplate))
      : action,
  );
}

/** Classic compliance policies. A plain GET omits the scheduled actions, and their own path is not routed. */
export const deviceCompliancePolicies = collection(
  '/deviceManagement/deviceCompliancePolicies',
  'deviceCompliancePolicy',
  {
    polymorphic: true,
    abstract: true,
    inV1: true,
    pageSize: 1000,
    references: [
      ...actionReferences,
      reference('deviceCompliancePolicyScript/deviceComplianceScriptId', scriptsPath),
    ],
    children: [
      child('scheduledActionsForRule', {
        createdWithParent: true,
        routable: false,
        children: [child('scheduledActionConfigurations', { routable: false })],
      }),
      assignments(),
    ],
    assign: assigning(),
    update: { method: 'PATCH', status: 204 },
    actions: ['scheduleActionsForRules'],
    versioned: true,
    checkCreate: checkBlockAction,
    checkBelow: checkBlockAction,
    writtenEntry: withNotificationTemplates,
  },
);

/** Discovery scripts for compliance policies. */
export const deviceComplianceScripts = collection(scriptsPath, 'deviceComplianceScript', {
  referableOnceReadable: true,
  checkDelete: refuseWhileInUse('The script is used by a compliance policy'),
  listOmits: ['detectionScriptContent'],
  children: [assignments()],
  assign: assigningSilently('deviceHealthScriptAssignments', 200),
  initial: (body) => withMember(body, 'version', '"1"'),
});
