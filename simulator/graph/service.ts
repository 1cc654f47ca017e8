import type { Conditions } from '../control/conditions.ts';
import type { Store } from '../store/store.ts';

/** The state behind Graph's answers. */
export interface GraphService {
  readonly store: Store;
  readonly conditions: Conditions;
}
