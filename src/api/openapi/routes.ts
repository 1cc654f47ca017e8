import { publicRoute } from '#api/http/define-route.ts';
import type { Route } from '#api/http/route.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './document.ts';

/** The routes about the table. Their answers are made once, because the table never changes in a process. */
export function openApiRoutes(described: readonly Route[]): readonly Route[] {
  const document = openApiDocument(described);
  const page = docsPage(described);
  return [
    publicRoute(
      {
        operationId: 'getOpenApi',
        method: 'get',
        path: '/openapi.json',
        summary: 'This API as OpenAPI 3.1',
        tag: 'Operations',
        answer: { status: 200 },
      },
      async () => ({ body: document }),
    ),
    publicRoute(
      {
        operationId: 'getDocs',
        method: 'get',
        path: '/docs',
        summary: 'This API as a page',
        tag: 'Operations',
        answer: { status: 200 },
      },
      async () => ({ text: { type: 'text/html; charset=utf-8', content: page } }),
    ),
  ];
}
