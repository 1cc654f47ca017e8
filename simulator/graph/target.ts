import { typeInTenant } from '../catalogue/find-type.ts';
import type { CollectionType } from '../catalogue/collection-type.ts';
import type { Store } from '../store/store.ts';
import type { GraphCall } from './call.ts';
import { badRequest, noSegment } from './problem.ts';
import { pathSegments } from './segments.ts';

/** The collection in a path, and the segments after it. */
export interface Target {
  readonly type: CollectionType;
  /** The segments after the collection, without casts such as `microsoft.graph.group`. */
  readonly rest: readonly string[];
  /** The type of a cast on the collection, or null. */
  readonly cast: string | null;
}

/** Graph's deepest collections have this many segments. */
const collectionDepthMax = 5;

/**
 * Finds the collection of a path.
 * @throws GraphProblem if there is none, or none in this version.
 */
export function findTarget(store: Store, call: GraphCall): Target {
  const segments = withoutMe(pathSegments(call.path), call);
  for (let depth = Math.min(segments.length, collectionDepthMax); depth > 0; depth -= 1) {
    const path = `/${segments.slice(0, depth).join('/')}`;
    const type = typeInTenant(store, call.caller.tenantId, path);
    if (type === undefined) continue;
    if (call.version === 'v1.0' && !type.inV1) break;
    const rest = segments.slice(depth);
    const cast = rest[0]?.startsWith('microsoft.graph.') === true ? rest[0] : null;
    return { type, cast, rest: rest.filter((segment) => !segment.startsWith('microsoft.graph.')) };
  }
  throw noSegment(unknownSegment(segments));
}

/** Replaces `/me` by the signed-in user; an app-only token has none. */
function withoutMe(segments: string[], { caller }: GraphCall): string[] {
  const [first, ...rest] = segments;
  if (first?.toLowerCase() !== 'me') return segments;
  if (caller.userId === null) {
    throw badRequest('/me request is only valid with delegated authentication flow.');
  }
  return ['users', caller.userId, ...rest];
}

const roots = ['deviceManagement', 'deviceAppManagement', 'identity', 'conditionalAccess'];

/** Returns the segment for the refusal: the first one after the known roots. */
function unknownSegment(segments: readonly string[]): string {
  return segments.find((segment) => !roots.includes(segment)) ?? segments.at(-1) ?? '';
}
