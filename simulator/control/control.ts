import type { SigningKeys } from '../entra/signing-keys.ts';
import type { Journal } from '../store/journal.ts';
import type { Store } from '../store/store.ts';
import type { Conditions } from './conditions.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Throttle } from './throttle.ts';

/** The parts of the simulator behind the control API. */
export interface Control {
  readonly store: Store;
  readonly journal: Journal;
  readonly keys: SigningKeys;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly throttle: Throttle;
  readonly conditions: Conditions;
}

/** An invalid request to the control API. */
export class ControlProblem extends Error {
  override readonly name = 'ControlProblem';
  readonly status: 400 | 404 | 405;

  constructor(status: 400 | 404 | 405, message: string) {
    super(message);
    this.status = status;
  }
}
