import type { z } from 'zod';
import { type InputError, invalidRequest } from './problem.ts';

/** A client learns enough from the first few; a body of a thousand wrong members gets no thousand answers. */
const errorsMax = 20;

function toInputErrors(issue: z.core.$ZodIssue): InputError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'is not known here',
    }));
  }
  return [{ path: issue.path.join('.'), message: issue.message }];
}

/**
 * Checks input against a schema and returns what the schema makes of it.
 * @param whole what to call the input where all of it is wrong: `body`, `query`.
 * @throws Problem `invalid_request` naming every place that is wrong.
 */
export function validate<S extends z.ZodType>(
  schema: S,
  input: unknown,
  whole: string,
): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(toInputErrors).slice(0, errorsMax);
  throw invalidRequest(errors.map((e) => ({ ...e, path: e.path === '' ? whole : e.path })));
}
