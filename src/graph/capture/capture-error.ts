export type CaptureErrorCode = 'setting_count_mismatch' | 'snapshot_too_large';

/** Every call was answered and yet the parts do not make a whole policy; reading again may help. */
export class CaptureError extends Error {
  readonly code: CaptureErrorCode;
  /** Whether a second capture can end otherwise: true when the policy seems to have changed meanwhile. */
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
