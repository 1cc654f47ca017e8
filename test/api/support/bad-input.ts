import type { Route } from '#api/http/route.ts';
import { routes } from '#api/routes.ts';
import { type ApiAnswer, type ApiRequest, type ApiUnderTest, startApi } from './api-under-test.ts';
import { rowCounts } from './row-counts.ts';
import {
  addExport,
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  type TenantWorld,
} from './world.ts';

/** Every route with input. */
export const apiRoutes = routes.filter(({ path }) => path.startsWith('/api/v1/'));

/** The routes with a JSON body. The access matrix covers the route of notifications. */
export const bodyRoutes = apiRoutes.filter(
  ({ method, operationId, bodyType }) =>
    method !== 'get' && operationId !== 'readNotification' && bodyType !== 'zip',
);

/** The routes with query parameters. */
export const queryRoutes = apiRoutes.filter(
  ({ query }) => Object.keys(query?.shape ?? {}).length > 0,
);

/** @throws for an unknown operation. */
export function routeOf(operationId: string): Route {
  const route = apiRoutes.find((each) => each.operationId === operationId);
  if (route === undefined) throw new Error(`no operation ${operationId}`);
  return route;
}

/** An API with one tenant, for bad input. */
export interface Target {
  readonly api: ApiUnderTest;
  readonly tokens: Record<Persona, string>;
  readonly tenant: TenantWorld;
  /** The rows of the tables now, and before all input. */
  rows(): Promise<{ now: Record<string, string>; before: Record<string, string> }>;
  pathOf(route: Pick<Route, 'path'>): string;
  /** Sends a request to a route as a permitted caller. */
  send(route: Route, request: ApiRequest, query?: string): Promise<ApiAnswer>;
}

/** Starts an API with a tenant, its role holders and one of everything. */
export async function startTarget(): Promise<Target> {
  const api = await startApi();
  const tenant = await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  const tokens = await mintPersonas(api);
  const exportId = await addExport(api, tenant);
  const before = await rowCounts(api.database);
  const pathOf: Target['pathOf'] = ({ path }) =>
    path
      .replace('{tenantId}', tenantA)
      .replace('{policyId}', tenant.policyId)
      .replace('{runId}', tenant.runId)
      .replace('{snapshotId}', tenant.snapshotId)
      .replace('{backupSetId}', tenant.backupSetId)
      .replace('{scheduleId}', tenant.scheduleId)
      .replace('{driftScheduleId}', tenant.driftScheduleId)
      .replace('{exportId}', exportId)
      .replace('{principalId}', principalOf('reader'));
  return {
    api,
    tokens,
    tenant,
    pathOf,
    rows: async () => ({ now: await rowCounts(api.database), before }),
    send: (route, request, query = '') =>
      api.request(`${pathOf(route)}${query}`, {
        method: route.method.toUpperCase(),
        token: route.access === 'platform_admin' ? tokens.admin : tokens.owner,
        ...request,
      }),
  };
}

/** The fault of the answer to bad input at a place; null for the expected refusal. */
export function fault(answer: ApiAnswer, path: string): string | null {
  if (answer.status < 400 || answer.status >= 500) return `status ${answer.status}`;
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) {
    return 'no problem document';
  }
  if (/\bat \S+ \(|node_modules|\.ts:\d|select |insert into/i.test(answer.text)) {
    return 'shows its inside';
  }
  const { code, errors = [] } = answer.json as { code: string; errors?: { path: string }[] };
  if (code !== 'invalid_request') return `code ${code}`;
  const named = errors.some((error) => error.path === path || error.path.startsWith(`${path}.`));
  return named ? null : `names ${JSON.stringify(errors)}`;
}
