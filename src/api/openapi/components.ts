import { z } from 'zod';
import { problemKinds, type ProblemCode } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';

/** RFC 9457 with extension members of this API. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemKinds) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .describe('A problem document of RFC 9457; code is stable');

/** The name of a schema: its operation, and the part of it. */
export function schemaName(route: Pick<Route, 'operationId'>, part: 'Answer' | 'Body'): string {
  const { operationId } = route;
  return `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}${part}`;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const isNamed = (part: string) => !part.startsWith('__');

/**
 * A schema and its parts as components. Zod refers to the parts of a recursive schema as `#/$defs/…` and to the schema
 * itself as `#`: in a document of OpenAPI both lead elsewhere. Parts without an id get the schema's name as a prefix.
 */
export function componentsOf(name: string, schema: JsonSchema): [string, JsonSchema][] {
  const nameOf = (part: string) => (isNamed(part) ? part : `${name}${part.replace(/^__s/, 'S')}`);
  const text = JSON.stringify(schema).replaceAll(
    /"\$ref":"#(?:\/\$defs\/([^"]+))?"/g,
    (_, part?: string) =>
      `"$ref":"#/components/schemas/${part === undefined ? name : nameOf(part)}"`,
  );
  const { $defs = {}, ...rest } = JSON.parse(text) as JsonSchema;
  return [
    [name, rest],
    ...Object.entries($defs).map(([part, value]) => [nameOf(part), value] as [string, JsonSchema]),
  ];
}

export function componentSchemas(routes: readonly Route[]): Record<string, JsonSchema> {
  const bodies = routes.flatMap((route) =>
    route.method === 'get' || route.body === null
      ? []
      : componentsOf(schemaName(route, 'Body'), toJsonSchema(route.body, 'input')),
  );
  const answers = routes.flatMap((route) =>
    route.answer.schema === undefined
      ? []
      : componentsOf(schemaName(route, 'Answer'), toJsonSchema(route.answer.schema, 'output')),
  );
  return Object.fromEntries([
    ...componentsOf('Problem', toJsonSchema(problemSchema, 'output')),
    ...answers,
    ...bodies,
  ]);
}
