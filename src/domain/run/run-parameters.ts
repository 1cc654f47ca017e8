import { z } from 'zod';
import type { Json } from '#domain/json/canonical-json.ts';
import { canonicalIds, type RunIdentity } from './idempotency-key.ts';
import type { OperationType } from './operation.ts';

interface Parameter<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  /** An absent parameter is null in rows and keys, or left out of both. */
  readonly whenAbsent: 'null' | 'left out';
  /** Its name in the idempotency key: its own in snake_case, another one, or null if it is no part of the key. */
  readonly key?: string | null;
}

const required = <S extends z.ZodType>(schema: S) => ({ schema, whenAbsent: 'null' }) as const;

const orUndefined = <S extends z.ZodType>(schema: S) =>
  schema.nullish().transform((value) => value ?? undefined);

const withDefault = <S extends z.ZodType>(schema: S, value: z.output<S>) =>
  schema.nullish().transform((given) => given ?? value);

const optional = <S extends z.ZodType>(schema: S) => required(orUndefined(schema));

/** A parameter that its operation did not have at first: absent, it must not change the keys of earlier requests. */
const addedLater = <S extends z.ZodType>(schema: S) =>
  ({ schema: orUndefined(schema), whenAbsent: 'left out' }) as const;

const outsideKey = <P extends Parameter>(parameter: P) => ({ ...parameter, key: null });
const keyedAs = <P extends Parameter>(key: string, parameter: P) => ({ ...parameter, key });

const text = z.string();
const flag = z.boolean();
/** In the order of the idempotency key, each once. */
const ids = z.array(text).readonly().transform(canonicalIds);

/** The formats that a backup set is exported in. */
export const exportFormats = ['tenantry', 'intunecd'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const selection = {
  policyIds: optional(ids),
  types: optional(ids),
  all: optional(z.literal(true)),
};
const backup = {
  name: required(text),
  ...selection,
  includeFoundations: optional(flag),
  includeAssignments: optional(flag),
  full: addedLater(flag),
};
const restore = {
  // The key has the backup set as its target.
  backupSetId: outsideKey(required(text)),
  sourceTenantId: optional(text),
  itemIds: keyedAs('scope', optional(ids)),
  groupMapping: required(withDefault(z.record(text, text).readonly(), {})),
  allowBroadAssignments: addedLater(flag),
  conditionalAccessState: addedLater(z.literal('asBackedUp')),
};

/**
 * The parameters of every operation. The rows of runs, their idempotency keys, reruns, the audit trail and the input
 * of the API all follow this table.
 */
export const runParameters = {
  'inventory.sync': { types: optional(ids) },
  'policy.capture_snapshot': { policyId: outsideKey(required(text)) },
  'backup_set.create': backup,
  'backup_set.add_policies': { policyIds: required(ids), includeFoundations: optional(flag) },
  // The schedule stands for all of them: its run is the same work even after the schedule was changed.
  'backup_schedule.run': {
    scheduleId: outsideKey(required(text)),
    name: outsideKey(backup.name),
    policyIds: outsideKey(backup.policyIds),
    types: outsideKey(backup.types),
    all: outsideKey(backup.all),
    includeFoundations: outsideKey(backup.includeFoundations),
    includeAssignments: outsideKey(backup.includeAssignments),
    full: outsideKey(backup.full),
  } satisfies Record<keyof typeof backup | 'scheduleId', Parameter>,
  'policies.export': { format: required(z.enum(exportFormats)) },
  'policies.import': { sha256: required(text) },
  'restore.preview': { ...restore, previewRunId: optional(z.never()) },
  'restore.execute': { ...restore, previewRunId: optional(text) },
  'restore.undo': {
    runId: outsideKey(required(text)),
    deleteCreated: outsideKey(required(withDefault(flag, false))),
  },
  'directory.sync': {},
  'drift.check': { backupSetId: outsideKey(required(text)) },
} satisfies Record<OperationType, Readonly<Record<string, Parameter>>>;

type Table = typeof runParameters;
type Shape<O extends OperationType> = {
  readonly [K in keyof Table[O]]: Table[O][K] extends Parameter<infer S> ? S : never;
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

const shapeOf = (operation: OperationType) =>
  Object.fromEntries(
    Object.entries<Parameter>(runParameters[operation]).map(([name, { schema }]) => [name, schema]),
  );

/** Reads the parameters of a run from its row. @throws ZodError for a row that this code did not write. */
export function parametersOf<O extends OperationType>(operation: O, row: unknown): ParametersOf<O> {
  return z.object(shapeOf(operation)).parse(row) as ParametersOf<O>;
}

/** As {@link parametersOf}; undefined for a row that this code did not write. */
export function safeParametersOf<O extends OperationType>(
  operation: O,
  row: unknown,
): ParametersOf<O> | undefined {
  return z.object(shapeOf(operation)).safeParse(row).data as ParametersOf<O> | undefined;
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The parameters as the row of a run keeps them, and the part of its idempotency key that they make.
 * @throws ZodError for a parameter that the operation does not have, instead of dropping it.
 */
export function keepParameters<O extends OperationType>(
  operation: O,
  asked: AskedParameters<O>,
): Pick<RunIdentity, 'context'> & { readonly parameters: RunIdentity['context'] } {
  const checked: Record<string, unknown> = z.strictObject(shapeOf(operation)).parse(asked);
  const parameters: Record<string, Json> = {};
  const context: Record<string, Json> = {};
  for (const [name, { whenAbsent, key }] of Object.entries<Parameter>(runParameters[operation])) {
    const value = (checked[name] ?? null) as Json;
    if (value === null && whenAbsent === 'left out') continue;
    parameters[name] = value;
    if (key !== null) context[key ?? snakeCase(name)] = value;
  }
  return { parameters, context };
}
