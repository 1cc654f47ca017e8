import { z } from 'zod';
import { canonicalIds } from './idempotency-key.ts';

/** A parameter of an operation, as the rows and the idempotency keys of its runs keep it. */
export interface Parameter<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  /** An absent parameter is null in rows and keys, or left out of both. */
  readonly whenAbsent: 'null' | 'left out';
  /** Its name in the idempotency key: its own in snake_case, another one, or null if it is no part of the key. */
  readonly key?: string | null;
}

export const required = <S extends z.ZodType>(schema: S) =>
  ({ schema, whenAbsent: 'null' }) as const;

const orUndefined = <S extends z.ZodType>(schema: S) =>
  schema.nullish().transform((value) => value ?? undefined);

export const optional = <S extends z.ZodType>(schema: S) => required(orUndefined(schema));

export const withDefault = <S extends z.ZodType>(schema: S, value: z.output<S>) =>
  required(schema.nullish().transform((given) => given ?? value));

/** A parameter of a later version: absent, it must not change the keys of earlier requests. */
export const addedLater = <S extends z.ZodType>(schema: S) =>
  ({ schema: orUndefined(schema), whenAbsent: 'left out' }) as const;

export const keyedAs = <P extends Parameter>(key: string | null, parameter: P) => ({
  ...parameter,
  key,
});

/** Parameters outside of the key: its target stands for them. */
export const outsideKey = <P extends Readonly<Record<string, Parameter>>>(parameters: P): P =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, keyedAs(null, parameter)]),
  ) as P;

export const text = z.string();
export const flag = z.boolean();
/** In the order of the idempotency key, each once. */
export const ids = z.array(text).readonly().transform(canonicalIds);
