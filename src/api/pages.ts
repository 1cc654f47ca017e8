import { readFileSync } from 'node:fs';
import { publicRoute } from '#api/http/define-route.ts';
import type { Route } from '#api/http/route.ts';

interface PageFile {
  readonly operationId: string;
  readonly path: string;
  readonly file: string;
  readonly type: string;
  readonly summary: string;
}

const files: readonly PageFile[] = [
  {
    operationId: 'getHome',
    path: '/',
    file: 'index.html',
    type: 'text/html; charset=utf-8',
    summary: 'Where things are',
  },
  {
    operationId: 'getPageStyle',
    path: '/page.css',
    file: 'page.css',
    type: 'text/css; charset=utf-8',
    summary: 'The style of the pages',
  },
];

function pageRoute({ operationId, path, file, type, summary }: PageFile): Route {
  // Read once at start, so that a missing file fails the start and not a request.
  const content = readFileSync(new URL(`../../console/${file}`, import.meta.url), 'utf8');
  return publicRoute(
    { operationId, method: 'get', path, summary, tag: 'Pages', answer: { status: 200 } },
    async () => ({ text: { type, content } }),
  );
}

export const pageRoutes: readonly Route[] = files.map(pageRoute);
