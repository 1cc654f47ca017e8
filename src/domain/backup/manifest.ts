/** The contents of a backup set for one policy type, and the gaps. */
export interface ManifestType {
  readonly type: string;
  /** Number of policies to capture, without Microsoft's own. */
  readonly listed: number;
  readonly captured: number;
  /** Number of missing policies; a failed listing counts as one. */
  readonly failed: number;
  /** 1 if Graph refused the whole type for lack of a permission: the number of policies is unknown. */
  readonly forbidden: number;
  /** 1 if the cloud or the tenant does not have the type. */
  readonly unsupported: number;
  readonly builtIn: number;
}

/** The proof of a backup set's contents. */
export interface Manifest {
  /** True if the set holds the whole selection, each policy complete. */
  readonly complete: boolean;
  /**
   * SHA-256, lower-case hex, over type, Graph id and content hash of every item in order; null until the set is
   * finished.
   */
  readonly contentHash: string | null;
  readonly types: readonly ManifestType[];
}

/** The manifest of a set before a run has finished it. */
export const unfinishedManifest: Manifest = { complete: false, contentHash: null, types: [] };

/** The facts about one type in the rows of a set. */
export interface TypeTally {
  readonly type: string;
  /** The result of listing the whole type; null if the caller chose policies one by one. */
  readonly listed: number | null;
  readonly planned: number;
  readonly captured: number;
  /** Captured, but one part of the policy is not provably whole. */
  readonly unproved: number;
  readonly builtIn: number;
  readonly forbidden: boolean;
  readonly unsupported: boolean;
  readonly listingFailed: boolean;
}

/**
 * Builds the manifest from the rows of a set and the hash over its items. The listed and the planned number must agree;
 * the larger number counts, so that a difference shows as missing.
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
