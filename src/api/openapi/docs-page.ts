import type { Route } from '#api/http/route.ts';
import { schemaName, toJsonSchema } from './components.ts';
import { escapeHtml } from './html.ts';
import { accessSentence, problemsOf } from './operation.ts';

function schemaBlock(title: string, schema: object): string {
  const text = escapeHtml(JSON.stringify(schema, null, 2));
  return `<details><summary>${escapeHtml(title)}</summary><pre>${text}</pre></details>`;
}

function routeSection(route: Route): string {
  const { schema, status } = route.answer;
  const body = route.method === 'get' ? null : route.body;
  const query = Object.keys(route.query?.shape ?? {});
  return [
    `<section id="${route.operationId}">`,
    `<h3><code>${route.method.toUpperCase()} ${escapeHtml(route.path)}</code></h3>`,
    `<p>${escapeHtml(route.summary)}. ${accessSentence(route)}</p>`,
    query.length === 0
      ? ''
      : `<p>Parameters: ${query.map((q) => `<code>${q}</code>`).join(', ')}</p>`,
    body === null || Object.keys(body.shape).length === 0
      ? ''
      : schemaBlock(schemaName(route, 'Body'), toJsonSchema(body, 'input')),
    schema === undefined
      ? `<p>Answers ${status}.</p>`
      : schemaBlock(`Answers ${status}`, toJsonSchema(schema, 'output')),
    `<p>Problems: ${
      problemsOf(route)
        .map((code) => `<code>${code}</code>`)
        .join(', ') || 'none'
    }</p>`,
    '</section>',
  ].join('\n');
}

/** The page about every route; it has no scripts. */
export function docsPage(routes: readonly Route[]): string {
  const byTag = Map.groupBy(routes, ({ tag }) => tag);
  const parts = [...byTag].map(
    ([tag, here]) => `<h2>${escapeHtml(tag)}</h2>\n${here.map(routeSection).join('\n')}`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tenantry API</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<h1>Tenantry API</h1>
<p>Made from the same table as the routes themselves; <a href="/openapi.json">openapi.json</a> is for machines.</p>
${parts.join('\n')}
</main>
</body>
</html>
`;
}
