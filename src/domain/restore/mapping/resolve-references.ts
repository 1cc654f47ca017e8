import type { FoundBy, ResolvedReference, Target } from '#domain/restore/plan.ts';

/** An object with the facts that distinguish it from others of its type. */
export interface NamedLikeness {
  readonly displayName: string;
  readonly platform: string | null;
  readonly odataType: string | null;
}

/** An object of the tenant. */
export interface LiveObject extends NamedLikeness {
  readonly graphId: string;
}

/** The tenant's objects of one type. */
export interface LiveType {
  /** By id in lower case. */
  readonly byId: ReadonlyMap<string, LiveObject>;
  readonly byName: ReadonlyMap<string, readonly LiveObject[]>;
  /** Microsoft's own, in lower case; they have the same ids in every tenant. */
  readonly builtInIds: ReadonlySet<string>;
}

/** Indexes a listing for lookups. */
export function liveTypeOf(
  objects: readonly LiveObject[],
  builtInIds: ReadonlySet<string>,
): LiveType {
  return {
    byId: new Map(objects.map((one) => [one.graphId.toLowerCase(), one])),
    byName: Map.groupBy(objects, ({ displayName }) => displayName),
    builtInIds,
  };
}

/** Facts for the resolution of references. Ids of the source are in lower case. */
export interface ReferenceFacts {
  readonly sameTenant: boolean;
  /** Null if Graph refuses to list the type. */
  readonly live: (policyType: string) => LiveType | null;
  /** The item of this restore for an object of the source. */
  readonly itemOf: (
    policyType: string,
    sourceGraphId: string,
  ) => { readonly itemId: string; readonly target: Target } | undefined;
  /** The object that an earlier restore created for an object of the source. */
  readonly mappedTo: (policyType: string, sourceGraphId: string) => string | null;
  /** The name and kind of an object of the source. */
  readonly likenessOf: (policyType: string, sourceGraphId: string) => NamedLikeness | undefined;
}

const missing: ResolvedReference = { kind: 'missing' };

function exists(graphId: string, foundBy: FoundBy): ResolvedReference {
  return { kind: 'exists', graphId, foundBy };
}

/** The counterpart in the tenant of a reference of the source, or the item that will create it. */
export function resolveReference(
  facts: ReferenceFacts,
  policyType: string,
  sourceGraphId: string,
): ResolvedReference {
  const item = facts.itemOf(policyType, sourceGraphId);
  if (item !== undefined) return ofItem(item);
  const live = facts.live(policyType);
  // Without the right to list a type, a policy of the same tenant may still refer to it.
  if (live === null) return facts.sameTenant ? exists(sourceGraphId, 'id') : missing;
  if (live.builtInIds.has(sourceGraphId)) return exists(sourceGraphId, 'id');
  const own = facts.sameTenant ? live.byId.get(sourceGraphId) : undefined;
  if (own !== undefined) return exists(own.graphId, 'id');
  const mapped = facts.mappedTo(policyType, sourceGraphId);
  const made = mapped === null ? undefined : live.byId.get(mapped.toLowerCase());
  if (made !== undefined) return exists(made.graphId, 'mapping');
  const likeness = facts.likenessOf(policyType, sourceGraphId);
  const alike = likeness === undefined ? [] : objectsLike(live, likeness);
  const [only] = alike;
  return only !== undefined && alike.length === 1 ? exists(only.graphId, 'name') : missing;
}

function ofItem({ itemId, target }: { itemId: string; target: Target }): ResolvedReference {
  if (target.kind === 'exists') return exists(target.graphId, target.foundBy);
  return target.kind === 'create' ? { kind: 'planned', itemId } : missing;
}

function objectsLike({ byName }: LiveType, likeness: NamedLikeness): LiveObject[] {
  return (byName.get(likeness.displayName) ?? []).filter((one) => isLike(one, likeness));
}

/** True for equal names, and equal platforms and derived types as far as both are known. */
function isLike(one: NamedLikeness, other: NamedLikeness): boolean {
  const agrees = (a: string | null, b: string | null) => a === null || b === null || a === b;
  return (
    one.displayName === other.displayName &&
    agrees(one.platform, other.platform) &&
    agrees(one.odataType, other.odataType)
  );
}
