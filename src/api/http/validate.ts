import type { z } from 'zod';
import { type InputError, invalidRequest } from './problem.ts';

/** The first errors are enough for a client; a body with a thousand faults must not get a thousand answers. */
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
 * Parses input by a schema.
 * @param whole the name of the input for a fault of all of it: `body`, `query`.
 * @throws Problem `invalid_request` naming every fault.
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
