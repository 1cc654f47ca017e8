export type JsonTextErrorCode = 'too_deep' | 'too_large' | 'malformed';

/** A JSON text beyond the bounds, or malformed. The error holds no part of the text. */
export class JsonTextError extends Error {
  readonly code: JsonTextErrorCode;

  constructor(code: JsonTextErrorCode) {
    super(`JSON text is ${code}`);
    this.name = 'JsonTextError';
    this.code = code;
  }
}
