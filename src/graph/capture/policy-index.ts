import type { CapturedPolicy } from './captured-policy.ts';

/** What the inventory keeps of a policy. Texts are made storable; the snapshot alone is exact. */
export interface PolicyFacts {
  readonly graphId: string;
  readonly displayName: string;
  readonly platform: string | null;
  /** RFC 3339, UTC. */
  readonly lastModifiedAt: string | null;
  readonly odataType: string | null;
}

/**
 * A policy with what tells that it has changed. Where both marks are known and equal to those of a snapshot, the
 * snapshot still is the policy.
 */
export interface PolicyIndexEntry extends PolicyFacts {
  /** Another text whenever the content has changed; null where nothing tells for certain. */
  readonly revision: string | null;
  /** Hex SHA-256 of the set of assignments; null where they are not all known. */
  readonly assignmentsHash: string | null;
}

/** A policy as a list shows it. */
export interface ListedPolicy extends PolicyIndexEntry {
  /** The policy as its own read would bring it, without a request; null where the list does not give all of it. */
  readonly capture: (() => CapturedPolicy) | null;
}

export interface PolicyPage {
  readonly policies: readonly ListedPolicy[];
  /** The ids of those objects of this page that are Microsoft's own and were left out. */
  readonly builtInIds: readonly string[];
  /** Where the next page starts, as Graph sent it; null on the last page. */
  readonly nextLink: string | null;
}
