import { z } from 'zod';
import { limitInput, principalInput } from '#api/http/input-schemas.ts';
import { type ProblemCode, problemKinds } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { schemaName, toJsonSchema } from './components.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function parameter(name: string, where: 'path' | 'query', schema: object, required: boolean) {
  return { name, in: where, required, schema };
}

// The schema parses digits of a string; a client sees a number.
const limitSchema = { type: 'integer', minimum: 1, maximum: 200, default: 50 };

const idSchema = { type: 'string', format: 'uuid' };
const principalSchema = toJsonSchema(principalInput, 'input');

function querySchema(schema: z.core.$ZodType): object {
  return schema === limitInput ? limitSchema : toJsonSchema(schema as z.ZodType, 'input');
}

function parametersOf(route: Route) {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) =>
    parameter(name, 'path', name === 'principalId' ? principalSchema : idSchema, true),
  );
  const inQuery = Object.entries(route.query?.shape ?? {}).map(([name, schema]) =>
    parameter(name, 'query', querySchema(schema), !z.safeParse(schema, undefined).success),
  );
  return [...inPath, ...inQuery];
}

/** The problems of a route's access and input, and its own ones. */
export function problemsOf(route: Route): ProblemCode[] {
  const codes: ProblemCode[] = [...(route.problems ?? [])];
  if (route.access === 'public') return codes;
  codes.push('unauthenticated', 'invalid_request', 'internal_error', 'unavailable');
  if (route.access !== 'authenticated') codes.push('forbidden');
  if (route.pathId !== null) codes.push('not_found');
  if (route.method !== 'get') codes.push('payload_too_large', 'unsupported_media_type');
  return [...new Set(codes)];
}

function problemAnswers(route: Route): Record<string, object> {
  const byStatus = Map.groupBy(problemsOf(route), (code) => problemKinds[code].status);
  const answers = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `${code}: ${problemKinds[code].title}`).join('; '),
      content: { 'application/problem+json': { schema: ref('Problem') } },
    },
  ]);
  return Object.fromEntries(answers);
}

function goodAnswer(route: Route): object {
  const { status, schema, mediaType = 'application/json' } = route.answer;
  const description = route.summary;
  if (schema === undefined) {
    return route.answer.mediaType === undefined
      ? { description }
      : { description, content: { [mediaType]: {} } };
  }
  const location = status === 201 || status === 202;
  return {
    description,
    ...(location ? { headers: { Location: { schema: { type: 'string' } } } } : {}),
    content: { [mediaType]: { schema: ref(schemaName(route, 'Answer')) } },
  };
}

/** The access of a route as a sentence. */
export function accessSentence({ access }: Pick<Route, 'access'>): string {
  if (access === 'public') return 'No sign-in is needed.';
  if (access === 'authenticated') return 'For whoever is signed in.';
  if (access === 'platform_admin') return 'For platform administrators.';
  return `For members of the tenant with the role ${access} or a stronger one.`;
}

export function operationOf(route: Route): object {
  const hasBody = route.method !== 'get' && route.body !== null;
  const zipBody = { requestBody: { required: true, content: { 'application/zip': {} } } };
  // A body without a required member is optional as a whole.
  const required = route.body !== null && !route.body.safeParse({}).success;
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: accessSentence(route),
    tags: [route.tag],
    security: route.access === 'public' ? [] : [{ bearer: [] }],
    parameters: parametersOf(route),
    ...(hasBody
      ? {
          requestBody: {
            required,
            content: { 'application/json': { schema: ref(schemaName(route, 'Body')) } },
          },
        }
      : {}),
    ...(route.bodyType === 'zip' ? zipBody : {}),
    responses: { [route.answer.status]: goodAnswer(route), ...problemAnswers(route) },
  };
}
