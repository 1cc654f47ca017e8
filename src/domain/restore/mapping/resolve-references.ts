import type { FoundBy, ResolvedReference, Target } from '#domain/restore/plan.ts';

/** An object with what tells it from others of its type. */
export interface NamedLikeness {
  readonly displayName: string;
  readonly platform: string | null;
  readonly odataType: string | null;
}

/** An object of the tenant. */
export interface LiveObject extends NamedLikeness {
  readonly graphId: string;
}

/** What the tenant has of a type. */
export interface LiveType {
  /** By id in lower case. */
  readonly byId: ReadonlyMap<string, LiveObject>;
  readonly byName: ReadonlyMap<string, readonly LiveObject[]>;
  /** Microsoft's own, in lower case; in every tenant they have the same ids. */
  readonly builtInIds: ReadonlySet<string>;
}

/** Takes what a listing has brought and returns it ready to be looked up. */
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

/** What is known when references are resolved. Ids of the source are in lower case. */
export interface ReferenceFacts {
  readonly sameTenant: boolean;
  /** Null where Graph refuses to list the type. */
  readonly live: (policyType: string) => LiveType | null;
  /** The item of this restore that an object of the source is. */
  readonly itemOf: (
    policyType: string,
    sourceGraphId: string,
  ) => { readonly itemId: string; readonly target: Target } | undefined;
  /** The object that an earlier restore has made of one of the source. */
  readonly mappedTo: (policyType: string, sourceGraphId: string) => string | null;
  /** What an object of the source is called. */
  readonly likenessOf: (policyType: string, sourceGraphId: string) => NamedLikeness | undefined;
}

const missing: ResolvedReference = { kind: 'missing' };

function exists(graphId: string, foundBy: FoundBy): ResolvedReference {
  return { kind: 'exists', graphId, foundBy };
}

/** Takes a reference of the source and returns what stands for it in the tenant, or will when the restore has made it. */
export function resolveReference(
  facts: ReferenceFacts,
  policyType: string,
  sourceGraphId: string,
): ResolvedReference {
  const item = facts.itemOf(policyType, sourceGraphId);
  if (item !== undefined) return ofItem(item);
  const live = facts.live(policyType);
  // A type that may not be listed may still be referred to, in the tenant that the ids are of.
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

/** The same name; the same platform and derived type as far as both are known. */
function isLike(one: NamedLikeness, other: NamedLikeness): boolean {
  const agrees = (a: string | null, b: string | null) => a === null || b === null || a === b;
  return (
    one.displayName === other.displayName &&
    agrees(one.platform, other.platform) &&
    agrees(one.odataType, other.odataType)
  );
}
