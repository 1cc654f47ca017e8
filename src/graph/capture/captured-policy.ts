import type { PolicyIndexEntry } from './policy-index.ts';

export interface CaptureWarning {
  readonly code:
    'secret_masked' | 'setting_count_missing' | 'expansion_truncated' | 'part_unavailable';
  /** Says how many, never what. */
  readonly message: string;
}

/** Another policy that a policy names. It may not exist. */
export interface PolicyReference {
  readonly policyType: string;
  readonly graphId: string;
}

/** `assignmentsHash` is null where the assignments were not asked for. */
export interface CapturedPolicy extends PolicyIndexEntry {
  /** `{"item":…,"children":{…},"assignments":[…]|null}`, every part in Graph's own bytes. */
  readonly document: string;
  readonly references: readonly PolicyReference[];
  /** How many answers were read. */
  readonly requests: number;
  readonly warnings: readonly CaptureWarning[];
  /** False when a part could not be proved to be whole; a warning says which. */
  readonly complete: boolean;
}
