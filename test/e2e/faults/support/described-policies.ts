import { randomUUID } from 'node:crypto';
import * as estate from '#test/workflows/support/estate.ts';

export const configurationsPath = '/deviceManagement/deviceConfigurations';

/** A manual change of a policy with a description. */
export const byHand = { set: { description: 'by hand' } };

const description = 'as it was';

/** A classic profile: the restore writes its changes by PATCH. */
export function describedProfile(displayName: string): estate.SeedObject {
  const body = {
    '@odata.type': '#microsoft.graph.windows10GeneralConfiguration',
    id: randomUUID(),
    displayName,
    description,
    roleScopeTagIds: ['0'],
    passwordRequired: true,
    assignments: estate.assignments({}),
  };
  return { path: configurationsPath, body };
}

/** A settings catalog policy: the restore writes its changes by PUT. */
export function describedPolicy(name: string): estate.SeedObject {
  const { path, body } = estate.catalogPolicy(name);
  return { path, body: { ...body, description } };
}
