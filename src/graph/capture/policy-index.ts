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
