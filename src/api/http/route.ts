import type { z } from 'zod';
import type { Role } from '#domain/identity/role.ts';
import type { RepeatableOperation, Repetition } from '#domain/run/rerun.ts';
import type { Caller } from './caller.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { PathId } from './path-id.ts';
import type { ProblemCode } from './problem.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** The callers of a route: everyone, signed-in callers, platform administrators, or members with a role in the tenant. */
export type Access = 'public' | 'authenticated' | 'platform_admin' | Role;

/** The answer of a handler: one of `body`, `text`, `stream`, or none. */
export interface Answer {
  /** Serialized as JSON. */
  readonly body?: object;
  readonly text?: { readonly type: string; readonly content: string };
  /** Sent piece by piece at the client's pace. A failure cuts the connection; the client sees it by the last chunk or the length. */
  readonly stream?: {
    readonly type: string;
    /** Absent if it is unknown before the end. */
    readonly byteLength?: number;
    readonly content: AsyncIterable<Buffer>;
  };
  /** The status, if it differs from the route's own. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request in the view of routes; only the adapter to Express sees more. */
export interface RouteRequest {
  readonly deps: ApiDependencies;
  readonly requestId: string;
  /** Null on public routes only. */
  readonly caller: Caller | null;
  readonly params: Readonly<Record<string, string>>;
  readonly rawQuery: string;
  /** Reads and parses the body; undefined without one. The route calls it once, after authorization. */
  readonly readJson: (bytesMax: number) => Promise<unknown>;
  /** Reads a zip as body. The route calls it once, after authorization. */
  readonly readZip: () => Promise<Buffer>;
}

/** The start of an operation by a rerun; see `startsAgain` of api/run. */
export interface StartAgain {
  readonly operation: RepeatableOperation;
  readonly again: (
    starting: {
      readonly deps: ApiDependencies;
      readonly caller: Caller;
      readonly tenantId: string;
    },
    rerun: Repetition<RepeatableOperation>,
  ) => Promise<Answer>;
}

/** The description of a route: the source of the OpenAPI document and of the tests' oracle. */
export interface RouteFacts {
  readonly operationId: string;
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /** The status of success, and the media type and schema of the body if it has one. */
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema?: z.ZodType;
    readonly mediaType?: string;
  };
  /** The route acts as the caller towards Graph, and refuses a token without a delegated scope. */
  readonly onBehalfOfCaller?: true;
  /** The type of a body that is not JSON. */
  readonly bodyType?: 'zip';
  /** The longest JSON body, if lists of ids need more than {@link bodyBytesMax}. */
  readonly bodyBytesMax?: number;
  /** The operation whose runs this route starts, and its start by a rerun. */
  readonly starts?: StartAgain;
  /** Further problems, beside the ones of its access and input. */
  readonly problems?: readonly ProblemCode[];
}

/** An entry of the route table; a path without an entry does not exist. */
export interface Route extends RouteFacts {
  readonly query: z.ZodObject | null;
  readonly body: z.ZodObject | null;
  /** The object in the path beside the tenant, if any: its id may be foreign or unknown. */
  readonly pathId: Pick<PathId<unknown>, 'parameter' | 'table'> | null;
  readonly handle: (request: RouteRequest) => Promise<Answer>;
}
