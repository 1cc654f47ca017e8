/** An object as the simulator stores it: children and assignments inside the body. */
export interface TenantObject {
  readonly path: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** All objects of a tenant, as `GET /_sim/tenants/{t}/objects` lists them. */
export async function listTenant(simulatorUrl: string, tenantId: string): Promise<TenantObject[]> {
  const response = await fetch(`${simulatorUrl}/_sim/tenants/${tenantId}/objects`);
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
  return (await response.json()) as TenantObject[];
}

/** The display name of an object. */
export function nameOf({ body, id }: TenantObject): string {
  const name = body['displayName'] ?? body['name'] ?? body['profileName'];
  return typeof name === 'string' ? name : id;
}
