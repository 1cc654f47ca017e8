export interface CaptureWarning {
  readonly code: 'secret_masked' | 'setting_count_missing' | 'expansion_truncated';
  /** Says how many, never what. */
  readonly message: string;
}

export interface CapturedPolicy {
  /** `{"item":…,"children":{…},"assignments":[…]|null}`, every part in Graph's own bytes. */
  readonly document: string;
  readonly displayName: string;
  readonly platform: string | null;
  /** RFC 3339, UTC. */
  readonly lastModifiedAt: string | null;
  readonly odataType: string | null;
  /** How many answers were read. */
  readonly requests: number;
  readonly warnings: readonly CaptureWarning[];
  /** False when a part could not be proved to be whole; a warning says which. */
  readonly complete: boolean;
}
