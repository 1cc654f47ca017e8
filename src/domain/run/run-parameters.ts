import { z } from 'zod';
import type { Json } from '#domain/json/canonical-json.ts';
import type { RunIdentity } from './idempotency-key.ts';
import { operations, operationTypes, type OperationType } from './operation.ts';
import type { Parameter } from './parameter.ts';

type Table = typeof operations;
type Shape<O extends OperationType> = {
  readonly [K in keyof Table[O]['parameters']]: Table[O]['parameters'][K] extends Parameter<infer S>
    ? S
    : never;
};

/** The parameters of an operation as its readers get them: an absent one is undefined. */
export type ParametersOf<O extends OperationType> = O extends OperationType
  ? Readonly<z.output<z.ZodObject<Shape<O>>>>
  : never;

type WithoutNull<T> = { readonly [K in keyof T]: Exclude<T[K], null> };

/** The parameters of an operation as a caller gives them: an absent one is left out or undefined. */
export type AskedParameters<O extends OperationType> = O extends OperationType
  ? WithoutNull<z.input<z.ZodObject<Shape<O>>>>
  : never;

const entriesOf = (operation: OperationType) =>
  Object.entries<Parameter>(operations[operation].parameters);

const shapeOf = (operation: OperationType) =>
  Object.fromEntries(entriesOf(operation).map(([name, { schema }]) => [name, schema]));

interface Schemas {
  readonly row: z.ZodObject;
  readonly request: z.ZodObject;
}

// Made once: zod compiles a schema at its first use, in up to a millisecond.
const schemas = Object.fromEntries(
  operationTypes.map((operation) => [
    operation,
    { row: z.object(shapeOf(operation)), request: z.strictObject(shapeOf(operation)) },
  ]),
) as Record<OperationType, Schemas>;

/** Reads the parameters of a run from its row. @throws ZodError for a row of unknown form. */
export function parametersOf<O extends OperationType>(operation: O, row: unknown): ParametersOf<O> {
  return schemas[operation].row.parse(row) as ParametersOf<O>;
}

/** As {@link parametersOf}; undefined for a row of unknown form. */
export function safeParametersOf<O extends OperationType>(
  operation: O,
  row: unknown,
): ParametersOf<O> | undefined {
  return schemas[operation].row.safeParse(row).data as ParametersOf<O> | undefined;
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The parameters in the form of rows, and their part of the idempotency key.
 * @throws ZodError for a parameter unknown to the operation, instead of dropping it.
 */
export function keepParameters<O extends OperationType>(
  operation: O,
  asked: AskedParameters<O>,
): Pick<RunIdentity, 'context'> & { readonly parameters: RunIdentity['context'] } {
  const checked: Record<string, unknown> = schemas[operation].request.parse(asked);
  const parameters: Record<string, Json> = {};
  const context: Record<string, Json> = {};
  for (const [name, { whenAbsent, key }] of entriesOf(operation)) {
    const value = (checked[name] ?? null) as Json;
    if (value === null && whenAbsent === 'left out') continue;
    parameters[name] = value;
    if (key !== null) context[key ?? snakeCase(name)] = value;
  }
  return { parameters, context };
}
