import type { z } from 'zod';
import type { Role } from '#domain/identity/role.ts';
import { enterTenant, type Entered, requirePlatformAdmin } from './authorization.ts';
import type { Caller } from './caller.ts';
import type { ApiDependencies } from './dependencies.ts';
import { bodyBytesMax } from './json-input.ts';
import { type PathId, problemOfMissingId, readPathId } from './path-id.ts';
import { delegatedTokenRequired } from './problem.ts';
import { parseQuery } from './query-input.ts';
import type { Answer, Route, RouteFacts, RouteRequest } from './route.ts';
import { badToken } from './unauthenticated.ts';
import { validate } from './validate.ts';

interface Schemas<Q extends z.ZodObject, B extends z.ZodObject> {
  readonly query: Q;
  /** `nothing` for a route without a body; it accepts an empty object. A GET never reads its body. */
  readonly body: B;
}

interface Input<Q extends z.ZodObject, B extends z.ZodObject> {
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

/** The input of every handler with a signed-in caller. */
interface Signed {
  readonly deps: ApiDependencies;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
}

type TenantFacts = RouteFacts & { readonly access: Role };

/** Reads query and body. The route calls it after authorization: before, no byte of a body is read. */
async function readInput<Q extends z.ZodObject, B extends z.ZodObject>(
  request: RouteRequest,
  facts: Pick<RouteFacts, 'method' | 'bodyBytesMax'> & Schemas<Q, B>,
): Promise<Input<Q, B>> {
  const query = validate(facts.query, parseQuery(request.rawQuery), 'query');
  const bytesMax = facts.bodyBytesMax ?? bodyBytesMax;
  const json = facts.method === 'get' ? undefined : await request.readJson(bytesMax);
  return { query, body: validate(facts.body, json === undefined ? {} : json, 'body') };
}

/** Refuses an application without a user: it has no roles. */
function signed({ deps, caller, params }: RouteRequest, facts: RouteFacts): Signed {
  if (caller === null) throw new Error('a route that needs a caller was reached without one');
  if (!caller.delegatedToken) {
    throw facts.onBehalfOfCaller === true ? delegatedTokenRequired() : badToken();
  }
  return { deps, caller, params };
}

/** A route without sign-in and without input. */
export function publicRoute(
  facts: Omit<RouteFacts, 'access'>,
  handle: (request: RouteRequest) => Promise<Answer>,
): Route {
  return { ...facts, access: 'public', query: null, body: null, pathId: null, handle };
}

/** A route outside of any tenant, for signed-in callers or platform administrators. */
export function callerRoute<Q extends z.ZodObject, B extends z.ZodObject>(
  facts: RouteFacts & { access: 'authenticated' | 'platform_admin' } & Schemas<Q, B>,
  handler: (request: Signed & Input<Q, B>) => Promise<Answer>,
): Route {
  return {
    ...facts,
    pathId: null,
    async handle(request) {
      const facing = signed(request, facts);
      if (facts.access === 'platform_admin') requirePlatformAdmin(facing.caller);
      return handler({ ...facing, ...(await readInput(request, facts)) });
    },
  };
}

/** A route about a tenant as a whole. */
export function tenantRoute<Q extends z.ZodObject, B extends z.ZodObject>(
  facts: TenantFacts & Schemas<Q, B>,
  handler: (request: Signed & Omit<Entered<null>, 'found'> & Input<Q, B>) => Promise<Answer>,
): Route {
  return {
    ...facts,
    pathId: null,
    async handle(request) {
      const facing = signed(request, facts);
      const entered = await enterTenant(facing, facts.access, async () => null);
      return handler({
        ...facing,
        ...entered,
        ...(await readInput(request, facts)),
      });
    },
  };
}

/** A route about a tenant as a whole with a zip as body. No byte of it is read before authorization. */
export function uploadRoute<Q extends z.ZodObject>(
  facts: TenantFacts & { readonly bodyType: 'zip'; readonly query: Q },
  handler: (
    request: Signed &
      Omit<Entered<null>, 'found'> & { readonly query: z.output<Q>; readonly zip: Buffer },
  ) => Promise<Answer>,
): Route {
  return {
    ...facts,
    body: null,
    pathId: null,
    async handle(request) {
      const facing = signed(request, facts);
      const entered = await enterTenant(facing, facts.access, async () => null);
      const query = validate(facts.query, parseQuery(request.rawQuery), 'query');
      return handler({ ...facing, ...entered, query, zip: await request.readZip() });
    },
  };
}

/** A route about an object in its path; the handler gets the object as `found`. */
export function objectRoute<Row, Q extends z.ZodObject, B extends z.ZodObject>(
  facts: TenantFacts & { readonly pathId: PathId<Row> } & Schemas<Q, B>,
  handler: (request: Signed & Entered<Row> & Input<Q, B>) => Promise<Answer>,
): Route {
  const { pathId } = facts;
  return {
    ...facts,
    pathId: { parameter: pathId.parameter, table: pathId.table },
    async handle(request) {
      const facing = signed(request, facts);
      const id = readPathId(facing.params[pathId.parameter], pathId.pattern);
      const { found, ...entered } = await enterTenant(facing, facts.access, async (trx) =>
        id === null ? undefined : pathId.find(trx, id),
      );
      if (found === undefined) {
        throw await problemOfMissingId(facing.deps, entered.tenantId, pathId, id);
      }
      const input = await readInput(request, facts);
      return handler({ ...facing, ...entered, found, ...input });
    },
  };
}
