import type { Conditions } from '../control/conditions.ts';
import type { Store } from '../store/store.ts';

/** What Graph works with to answer a call. */
export interface GraphService {
  readonly store: Store;
  readonly conditions: Conditions;
}
