import type { Route } from '#api/http/route.ts';
import { componentSchemas } from './components.ts';
import { operationOf } from './operation.ts';

export function openApiDocument(routes: readonly Route[]): object {
  const byPath = Map.groupBy(routes, ({ path }) => path);
  const paths = [...byPath].map(([path, here]) => [
    path,
    Object.fromEntries(here.map((route) => [route.method, operationOf(route)])),
  ]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tenantry',
      version: '1',
      description: 'Durable backup, preview and restore of Microsoft Intune policies.',
    },
    paths: Object.fromEntries(paths),
    components: {
      schemas: componentSchemas(routes),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A user's access token of Microsoft Entra ID for this API.",
        },
      },
    },
  };
}
