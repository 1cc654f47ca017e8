import { z } from 'zod';
import { guidPattern, principalPattern } from '#domain/identity/principal.ts';

/** A body with a member for every parameter of a request: a forgotten one does not compile. */
export type BodyOf<Request> = { readonly [K in keyof Request]-?: z.ZodType<Request[K]> };

/** A GUID in either case; kept in lower case. */
export const guidInput = z.string().toLowerCase().regex(guidPattern, 'must be a GUID');

/** A principal in either case; kept in lower case. */
export const principalInput = z
  .string()
  .toLowerCase()
  .regex(principalPattern, 'must be <tenant id>:<object id>');

const lineBreaker = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** A display name: one visible line, at most as long as Intune's own names. */
export const nameInput = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(256, 'must have 256 characters at most')
  .refine((text) => !lineBreaker.test(text), 'must be one line without control characters');

/** The schema of routes without input. */
export const nothing = z.strictObject({});

const defaultLimit = 50;

/** The number of rows of a page. Digits only: `Number` would accept `1e2`, `0x10` and blanks. */
export const limitInput = z
  .string()
  .regex(/^(?:[1-9]\d?|1\d\d|200)$/, 'must be a whole number from 1 to 200')
  .transform(Number)
  .default(defaultLimit);

/** The parameters of every list; {@link decodeCursor} checks the cursor against its list. */
export const pageQuery = z.strictObject({ limit: limitInput, cursor: z.string().optional() });

const searchCharsMax = 256;

/** A part of a name to search for. */
export const searchInput = z.string().min(1).max(searchCharsMax);

export const flagInput = z.enum(['true', 'false']).transform((text) => text === 'true');
