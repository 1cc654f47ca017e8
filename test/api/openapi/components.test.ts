import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument } from '#api/openapi/document.ts';
import { componentsOf, toJsonSchema } from '#api/openapi/components.ts';
import { routes } from '#api/routes.ts';

const referencesOf = (value: unknown) =>
  [...JSON.stringify(value).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target = '']) => target);

function target(document: unknown, reference: string): unknown {
  const path = reference.replace(/^#\//, '').split('/');
  return path.reduce(
    (at: unknown, member) => (at as Record<string, unknown> | undefined)?.[member],
    document,
  );
}

function documentOf(name: string, schema: z.ZodType) {
  return {
    components: { schemas: Object.fromEntries(componentsOf(name, toJsonSchema(schema, 'output'))) },
  };
}

const tree = z.strictObject({
  name: z.string(),
  get children() {
    return z.array(tree);
  },
});
const named = z.json();
named.register(z.globalRegistry, { id: 'AnyJson' });

describe('the schemas of the OpenAPI document', () => {
  it.each([
    ['a schema that contains itself', tree, ['Answer']],
    [
      'two places of one recursive schema',
      z.strictObject({ a: tree, b: z.array(tree) }),
      ['Answer', 'AnswerSchema0'],
    ],
    [
      'a recursive schema without a name',
      z.record(z.string(), z.json()),
      ['Answer', 'AnswerSchema0'],
    ],
    ['a recursive schema with a name', z.strictObject({ any: named }), ['Answer', 'AnyJson']],
  ])('stand in components for %s', (_, schema, names) => {
    const document = documentOf('Answer', schema);
    expect(Object.keys(document.components.schemas)).toEqual(names);
    expect(JSON.stringify(document)).not.toContain('$defs');
    const references = referencesOf(document);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      expect([reference, target(document, reference)]).toEqual([reference, expect.any(Object)]);
      expect(reference).toMatch(/^#\/components\/schemas\/\w+$/);
    }
  });

  it('are all there: every reference of the document leads to a place in it', () => {
    const document = openApiDocument(routes);
    const references = new Set(referencesOf(document));
    expect([...references].filter((each) => target(document, each) === undefined)).toEqual([]);
    expect(references.size).toBeGreaterThan(40);
  });
});
