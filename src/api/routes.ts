import { apiRoutes } from './api-routes.ts';
import { healthRoutes } from './health.ts';
import { openApiRoutes } from './openapi/routes.ts';
import { pageRoutes } from './pages.ts';
import type { Route } from './route.ts';

const described: readonly Route[] = [...apiRoutes, ...healthRoutes];

/**
 * The route table: Express's routes, the authorization and the OpenAPI document are all made of it, so a path that
 * has no entry does not exist. The documents about the table and the pages stand beside it.
 */
export const routes: readonly Route[] = [...described, ...openApiRoutes(described), ...pageRoutes];
