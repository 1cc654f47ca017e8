/** What a backup set has of one policy type, and what it lacks. */
export interface ManifestType {
  readonly type: string;
  /** How many policies there were to be captured, without those that Microsoft put there. */
  readonly listed: number;
  readonly captured: number;
  /** How many are missing; a listing that failed counts as one. */
  readonly failed: number;
  /** 1 where Graph refused the whole type for want of a permission: nobody knows how many there are. */
  readonly forbidden: number;
  /** 1 where the cloud or the tenant does not have the type. */
  readonly unsupported: number;
  readonly builtIn: number;
}

/** The proof of what a backup set holds. */
export interface Manifest {
  /** Whether everything that was asked for is there, whole. */
  readonly complete: boolean;
  /** SHA-256, lower-case hex, over type, Graph id and content hash of every item in their order; null while the set is being made. */
  readonly contentHash: string | null;
  readonly types: readonly ManifestType[];
}

/** The manifest of a set that no run has finished yet. */
export const unfinishedManifest: Manifest = { complete: false, contentHash: null, types: [] };

/** What the rows of a set say of one type. */
export interface TypeTally {
  readonly type: string;
  /** What the listing of the whole type said; null when policies were chosen one by one. */
  readonly listed: number | null;
  readonly planned: number;
  readonly captured: number;
  /** Captured, but a part of the policy could not be proved to be whole. */
  readonly unproved: number;
  readonly builtIn: number;
  readonly forbidden: boolean;
  readonly unsupported: boolean;
  readonly listingFailed: boolean;
}

/**
 * Takes what the rows of a set say and the hash over its items, and returns the manifest. What the listing counted
 * and what was planned from it must agree; the larger number counts, so that a difference shows as missing.
 */
export function manifestOf(tallies: readonly TypeTally[], contentHash: string): Manifest {
  const types = tallies.map((tally) => {
    const listed = Math.max(tally.listed ?? 0, tally.planned);
    return {
      type: tally.type,
      listed,
      captured: tally.captured,
      failed: listed - tally.captured + (tally.listingFailed ? 1 : 0),
      forbidden: tally.forbidden ? 1 : 0,
      unsupported: tally.unsupported ? 1 : 0,
      builtIn: tally.builtIn,
    };
  });
  const missing = types.some(({ failed, forbidden }) => failed + forbidden > 0);
  const unproved = tallies.some((tally) => tally.unproved > 0);
  return { complete: !missing && !unproved, contentHash, types };
}
