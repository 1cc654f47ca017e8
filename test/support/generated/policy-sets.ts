import { mobileApps } from './apps.ts';
import { groupAssignments } from './assignments.ts';
import { deviceConfigurations } from './device-policies.ts';
import { scopeTags } from './foundations.ts';
import { danglingId, dates, idOfOther, maker, type Making, type SeedBody } from './object-maker.ts';
import { namedGuid } from './seeded-random.ts';

/** Sets of policies and apps, some of them deleted. */
export const policySets = maker(
  '/deviceAppManagement/policySets',
  'Policy set',
  1,
  (making) => ({
    ...dates(making),
    displayName: making.name,
    description: '',
    status: 'success',
    errorCode: 'noError',
    guidedDeploymentTags: [],
    roleScopeTags: scopeTags(making),
    items: items(making),
    assignments: groupAssignments(making),
  }),
  { countMax: 60 },
);

function items(making: Making): SeedBody[] {
  const app = idOfOther(making, mobileApps, making.index);
  const profile = making.dangles
    ? danglingId(making)
    : idOfOther(making, deviceConfigurations, making.index);
  return [
    ...(app === null ? [] : [item(making, 'mobileAppPolicySetItem', app)]),
    ...(profile === null ? [] : [item(making, 'deviceConfigurationPolicySetItem', profile)]),
  ];
}

function item(making: Making, type: string, payloadId: string): SeedBody {
  return {
    '@odata.type': `#microsoft.graph.${type}`,
    id: namedGuid(`${making.id} ${type}`),
    payloadId,
    itemType: type,
    displayName: null,
    status: 'success',
    errorCode: 'noError',
    guidedDeploymentTags: [],
    ...(type === 'mobileAppPolicySetItem' ? { intent: 'required', settings: null } : {}),
  };
}
