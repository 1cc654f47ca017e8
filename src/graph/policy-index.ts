/** What the inventory keeps of a policy. Texts are made storable; the snapshot alone is exact. */
export interface PolicyIndexEntry {
  readonly graphId: string;
  readonly displayName: string;
  readonly platform: string | null;
  /** RFC 3339, UTC. */
  readonly lastModifiedAt: string | null;
  readonly odataType: string | null;
}

export interface PolicyPage {
  readonly policies: readonly PolicyIndexEntry[];
  /** How many objects of this page are Microsoft's own and were left out. */
  readonly builtInCount: number;
  /** Where the next page starts, as Graph sent it; null on the last page. */
  readonly nextLink: string | null;
}
