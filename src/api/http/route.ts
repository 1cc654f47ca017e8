import type { z } from 'zod';
import type { Role } from '#domain/identity/role.ts';
import type { RepeatableOperation, Repetition } from '#domain/run/rerun.ts';
import type { Caller } from './caller.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { PathId } from './path-id.ts';
import type { ProblemCode } from './problem.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** Who may use a route: anybody, whoever is signed in, platform administrators, or members with a role in the path's tenant. */
export type Access = 'public' | 'authenticated' | 'platform_admin' | Role;

/** What a handler answers with: one of `body`, `text`, `stream`, or none. */
export interface Answer {
  /** Serialized as JSON. */
  readonly body?: object;
  /** Sent as it is. */
  readonly text?: { readonly type: string; readonly content: string };
  /** Sent piece by piece, as fast as it is taken. Where it fails, the connection is cut, which the last chunk or the length tells. */
  readonly stream?: {
    readonly type: string;
    /** Left out where nobody knows it before the end. */
    readonly byteLength?: number;
    readonly content: AsyncIterable<Buffer>;
  };
  /** The status where it is not the route's own. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as routes see it; only the adapter to Express knows more. */
export interface RouteRequest {
  readonly deps: ApiDependencies;
  readonly requestId: string;
  /** Null on public routes only. */
  readonly caller: Caller | null;
  readonly params: Readonly<Record<string, string>>;
  readonly rawQuery: string;
  /** Reads and parses the body; undefined when there is none. Called after authorization, once. */
  readonly readJson: (bytesMax: number) => Promise<unknown>;
  /** Reads a body that is a zip. Called after authorization, once. */
  readonly readZip: () => Promise<Buffer>;
}

/** How a rerun starts an operation; see `startsAgain` of api/run. */
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

/** What is said of a route, beside what it does: the source of the OpenAPI document and of the tests' oracle. */
export interface RouteFacts {
  readonly operationId: string;
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /** The status of success, with the media type and the schema of its body where it has one. */
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema?: z.ZodType;
    readonly mediaType?: string;
  };
  /** Whether it acts as the caller towards Graph: who sends a token that cannot do that is told so. */
  readonly onBehalfOfCaller?: true;
  /** What a body is where it is not JSON. */
  readonly bodyType?: 'zip';
  /** How long a JSON body may be where lists of ids need more than {@link bodyBytesMax}. */
  readonly bodyBytesMax?: number;
  /** The operation whose runs this route starts, and its start by a rerun. */
  readonly starts?: StartAgain;
  /** Problems of this route's own, beside those that its access and input bring. */
  readonly problems?: readonly ProblemCode[];
}

/** One entry of the route table. A path that has none cannot be reached. */
export interface Route extends RouteFacts {
  readonly query: z.ZodObject | null;
  readonly body: z.ZodObject | null;
  /** The object that the path names beside the tenant, if any: its id may be foreign or unknown. */
  readonly pathId: Pick<PathId<unknown>, 'parameter' | 'table'> | null;
  readonly handle: (request: RouteRequest) => Promise<Answer>;
}
