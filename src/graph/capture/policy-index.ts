import type { CapturedPolicy } from './captured-policy.ts';

/** The inventory's facts about a policy. Texts are made storable; only the snapshot is exact. */
export interface PolicyFacts {
  readonly graphId: string;
  readonly displayName: string;
  readonly platform: string | null;
  /** RFC 3339, UTC. */
  readonly lastModifiedAt: string | null;
  readonly odataType: string | null;
}

/** A policy with its two marks of change. If both are known and equal a snapshot's marks, the snapshot is current. */
export interface PolicyIndexEntry extends PolicyFacts {
  /** Differs after every change of content; null if no property proves a change. */
  readonly revision: string | null;
  /** Hex SHA-256 of the set of assignments; null unless all are known. */
  readonly assignmentsHash: string | null;
}

/** A policy as it stands in a list. */
export interface ListedPolicy extends PolicyIndexEntry {
  /** Builds the captured policy without a request; null if the list lacks a part of it. */
  readonly capture: (() => CapturedPolicy) | null;
}

export interface PolicyPage {
  readonly policies: readonly ListedPolicy[];
  /** Ids of Microsoft's own objects, left out of this page. */
  readonly builtInIds: readonly string[];
  /** Graph's link to the next page; null on the last page. */
  readonly nextLink: string | null;
}
