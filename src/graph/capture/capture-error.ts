export type CaptureErrorCode = 'setting_count_mismatch' | 'snapshot_too_large';

/** All calls succeeded, but their answers make no whole policy. */
export class CaptureError extends Error {
  readonly code: CaptureErrorCode;
  /** True if a second capture may succeed: the policy seems to have changed during this one. */
  readonly retryable: boolean;
  readonly context: Readonly<Record<string, number>>;

  constructor(
    code: CaptureErrorCode,
    options: { retryable: boolean; context: Readonly<Record<string, number>> },
  ) {
    super(code);
    this.name = 'CaptureError';
    this.code = code;
    this.retryable = options.retryable;
    this.context = options.context;
  }
}
