import { z } from 'zod';

export const timeView = z.iso.datetime();

/** A failure: a stable word, a sentence, and ids and numbers that locate it. */
export const errorView = z.strictObject({
  code: z.string(),
  message: z.string(),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const warningView = z.strictObject({ code: z.string(), message: z.string() });

export function toTime(date: Date): string {
  return date.toISOString();
}

export function toTimeOrNull(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

interface ErrorColumns {
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_context: z.output<typeof errorView>['context'] | null;
}

/** The error columns of a row as the API shows them. */
export function toError(row: ErrorColumns): z.output<typeof errorView> | null {
  if (row.error_code === null) return null;
  return {
    code: row.error_code,
    message: row.error_message ?? '',
    context: row.error_context ?? {},
  };
}
