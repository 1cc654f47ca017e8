import type { CapturedPolicy } from './captured-policy.ts';
import type { PolicyIndexEntry } from './policy-index.ts';

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
