import { randomUUID } from 'node:crypto';
import { typeForSeeding } from '../catalogue/find-type.ts';
import { normalizeBody } from '../catalogue/normalize.ts';
import { groupsPath } from '../entra/membership.ts';
import type { JsonObject } from '../json/object.ts';
import { objectsOf, stringOf, valueOf } from '../json/object.ts';
import type { SimulatorTenant, SimulatorUser } from '../store/tenant.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';
import { completeGroup } from '../catalogue/complete-group.ts';
import { bodyObject } from './read-body.ts';

/** Creates or resets a tenant: afterwards it has only the given users and groups. */
export function putTenant({ store }: Control, tenantId: string, text: string): SimulatorTenant {
  const body = bodyObject(text);
  const tenant: SimulatorTenant = {
    tenantId,
    displayName: stringOf(body, 'displayName') ?? tenantId,
    home: (valueOf(body, 'home') ?? store.tenant(tenantId)?.home) === true,
    users: objectsOf(body, 'users').map(readUser),
    ...readPermissions(body),
  };
  const type = typeForSeeding(groupsPath);
  store.transaction(() => {
    store.resetTenant(tenant);
    for (const group of objectsOf(body, 'groups')) {
      const id = stringOf(group, 'id') ?? randomUUID();
      store.put(tenantId, groupsPath, id, normalizeBody(type, id, completeGroup(group)));
    }
  });
  return tenant;
}

/** Permissions that the tenant consented to. As in Entra, tokens issued earlier keep their permissions. */
function readPermissions(body: JsonObject): Pick<SimulatorTenant, 'permissions'> {
  const permissions = valueOf(body, 'permissions');
  if (permissions === undefined || permissions === null) return {};
  if (!Array.isArray(permissions)) throw new ControlProblem(400, 'permissions must be an array');
  return { permissions: permissions.map(String) };
}

function readUser(user: JsonObject): SimulatorUser {
  const roles = valueOf(user, 'roles');
  const userPrincipalName = stringOf(user, 'userPrincipalName') ?? '';
  return {
    id: stringOf(user, 'id') ?? randomUUID(),
    userPrincipalName,
    displayName: stringOf(user, 'displayName') ?? userPrincipalName,
    password: stringOf(user, 'password') ?? '',
    roles: Array.isArray(roles) ? roles.map(String) : [],
    suggestedRole: stringOf(user, 'suggestedRole') ?? null,
  };
}
