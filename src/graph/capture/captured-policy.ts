import type { PolicyIndexEntry } from './policy-index.ts';

export interface CaptureWarning {
  readonly code:
    'secret_masked' | 'setting_count_missing' | 'expansion_truncated' | 'part_unavailable';
  /** Contains counts, never content. */
  readonly message: string;
}

/** Another policy named in a policy. It may not exist. */
export interface PolicyReference {
  readonly policyType: string;
  readonly graphId: string;
}

/** `assignmentsHash` is null if the capture omitted the assignments. */
export interface CapturedPolicy extends PolicyIndexEntry {
  /** `{"item":…,"children":{…},"assignments":[…]|null}`, every part in Graph's own bytes. */
  readonly document: string;
  readonly references: readonly PolicyReference[];
  /** Number of answers read. */
  readonly requests: number;
  readonly warnings: readonly CaptureWarning[];
  /** False if a part is not provably whole; a warning names it. */
  readonly complete: boolean;
}
