import { healthRoutes } from '#api/http/health.ts';
import type { Route } from '#api/http/route.ts';
import { openApiRoutes } from '#api/openapi/routes.ts';
import { apiRoutes } from './api-routes.ts';
import { pageRoutes } from './pages.ts';

const described: readonly Route[] = [...apiRoutes, ...healthRoutes];

/**
 * The route table. Express's routes, the authorization and the OpenAPI document all derive from it, so a path without an
 * entry does not exist.
 */
export const routes: readonly Route[] = [...described, ...openApiRoutes(described), ...pageRoutes];
