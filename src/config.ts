import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { guidPattern, principalPattern } from '#domain/identity/principal.ts';
import { isLoopback, isSecureEnough } from '#domain/network/secure-url.ts';

const serviceUrl = z
  .string()
  .refine((text) => URL.canParse(text), 'must be an absolute URL')
  .refine(
    (text) => !URL.canParse(text) || isSecureEnough(new URL(text)),
    'must be https (http only for this machine itself)',
  )
  .transform((text) => text.replace(/\/+$/, ''));

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be between ${min} and ${max}`);

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

const principals = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => part !== ''),
  )
  .refine((list) => list.every((p) => principalPattern.test(p)), {
    message: 'must be <tenant id>:<object id>, separated by commas',
  });

const snapshotKeyId = /^[A-Za-z0-9_.-]{1,32}$/;

const snapshotKeys = z.string().transform((text, ctx) => {
  const keys = text.split(',').map((entry) => {
    const [id = '', key = ''] = entry.trim().split(':');
    return { id, key: Buffer.from(key, 'base64') };
  });
  if (keys.some(({ id, key }) => !snapshotKeyId.test(id) || key.length !== 32)) {
    ctx.addIssue(
      'must be <key id>:<32 bytes in base64>, several separated by commas, newest first',
    );
    return z.NEVER;
  }
  return keys;
});

const environment = z.object({
  DATABASE_URL: z.string('is required').regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_UI_URL: z.url().default('http://127.0.0.1:8233'),
  TEMPORAL_RUN_ID_ATTRIBUTE: z.string().default('RunId'),
  TEMPORAL_WORKER_DEPLOYMENT: z.string().optional(),
  TEMPORAL_WORKER_BUILD_ID: z.string().optional(),
  GRAPH_BASE_URL: serviceUrl.default('https://graph.microsoft.com'),
  ENTRA_AUTHORITY: serviceUrl.default('https://login.microsoftonline.com'),
  ENTRA_CLIENT_ID: z.string('is required').min(1, 'is required'),
  ENTRA_CLIENT_SECRET: z.string().min(1).optional(),
  ENTRA_CLIENT_CERTIFICATE_PATH: z.string().min(1).optional(),
  ENTRA_HOME_TENANT_ID: z
    .string('is required')
    .transform((text) => text.toLowerCase())
    .refine((text) => guidPattern.test(text), "must be the GUID of the provider's own tenant"),
  API_AUDIENCE: z.string('is required').min(1, 'is required'),
  API_ADMIN_SUBJECTS: principals.default([]),
  SETTLE_SECONDS: wholeNumber(1, 3600).default(60),
  SNAPSHOT_ENCRYPTION_KEYS: snapshotKeys.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65535).default(3000),
  PUBLIC_URL: z.url().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  POSTGRES_POOL_SIZE: wholeNumber(2, 200).default(20),
  RECONCILE_INTERVAL_SECONDS: wholeNumber(1, 3600).default(20),
  MAINTAIN_INTERVAL_MINUTES: wholeNumber(1, 1440).default(60),
  VERIFY_INTERVAL_HOURS: wholeNumber(1, 8760).default(24),
  EXPORT_RETENTION_DAYS: wholeNumber(1, 365).default(7),
  PREVIEW_VALID_HOURS: wholeNumber(1, 168).default(24),
  IMPORT_MAX_MEBIBYTES: wholeNumber(1, 512).default(64),
  GRAPH_MAX_CONCURRENT_ACTIVITIES: wholeNumber(1, 1000).default(20),
  GRAPH_BUDGET_SHARE: wholeNumber(1, 100).default(50),
  GRAPH_SLOW_START: flag.default(true),
  GRAPH_MAX_CALLS_IN_FLIGHT: wholeNumber(1, 64).default(8),
});

type Environment = z.output<typeof environment>;

/** The settings of the processes. They may be logged; {@link Secrets} may not. */
export type Config = Omit<
  Environment,
  | 'DATABASE_URL'
  | 'ENTRA_CLIENT_SECRET'
  | 'ENTRA_CLIENT_CERTIFICATE_PATH'
  | 'SNAPSHOT_ENCRYPTION_KEYS'
>;

export interface SnapshotKey {
  /** Stored beside each ciphertext, so that keys can be rotated. */
  readonly id: string;
  /** 32 bytes, the input of the per-tenant key derivation. */
  readonly key: Buffer;
}

export interface Secrets {
  readonly databaseUrl: string;
  readonly clientSecret: string | null;
  readonly clientCertificatePem: string | null;
  /** Newest first; the first encrypts, all decrypt. */
  readonly snapshotKeys: readonly [SnapshotKey, ...SnapshotKey[]];
}

/** Lists every mistake in the environment by the name of its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(`The environment is not usable:\n${mistakes.map((m) => `  - ${m}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

// This key is public. It protects no data: readConfig accepts it only for the simulator on this machine.
const developmentKey: SnapshotKey = {
  id: 'development',
  key: Buffer.alloc(32, 'tenantry-development'),
};

function crossFieldMistakes(env: Environment): string[] {
  const mistakes: string[] = [];
  if (!env.ENTRA_CLIENT_SECRET && !env.ENTRA_CLIENT_CERTIFICATE_PATH) {
    mistakes.push('ENTRA_CLIENT_SECRET or ENTRA_CLIENT_CERTIFICATE_PATH is required');
  }
  if (!env.SNAPSHOT_ENCRYPTION_KEYS && !isLoopback(new URL(env.GRAPH_BASE_URL).hostname)) {
    mistakes.push(
      'SNAPSHOT_ENCRYPTION_KEYS is required: <key id>:<32 bytes in base64>; the development key is for the simulator only',
    );
  }
  if (Boolean(env.TEMPORAL_WORKER_DEPLOYMENT) !== Boolean(env.TEMPORAL_WORKER_BUILD_ID)) {
    mistakes.push('TEMPORAL_WORKER_DEPLOYMENT and TEMPORAL_WORKER_BUILD_ID go together');
  }
  return mistakes;
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError(['ENTRA_CLIENT_CERTIFICATE_PATH must name a readable PEM file']);
  }
}

/** Reads the whole environment. @throws ConfigError with every missing or wrong variable. */
export function readConfig(env: NodeJS.ProcessEnv): { config: Config; secrets: Secrets } {
  // An empty variable in a .env file counts as not set.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`));
  }
  const mistakes = crossFieldMistakes(parsed.data);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const {
    DATABASE_URL: databaseUrl,
    ENTRA_CLIENT_SECRET: clientSecret,
    ENTRA_CLIENT_CERTIFICATE_PATH: certificatePath,
    SNAPSHOT_ENCRYPTION_KEYS: keys,
    ...config
  } = parsed.data;
  const [first = developmentKey, ...others] = keys ?? [];
  const secrets = {
    databaseUrl,
    clientSecret: clientSecret ?? null,
    clientCertificatePem: certificatePath ? readCertificate(certificatePath) : null,
    snapshotKeys: [first, ...others] as const,
  };
  return { config, secrets };
}

/** Reads the one variable of `migrate`. @throws ConfigError */
export function readDatabaseUrl(env: NodeJS.ProcessEnv): string {
  const parsed = environment.shape.DATABASE_URL.safeParse(env['DATABASE_URL']);
  if (!parsed.success) throw new ConfigError(['DATABASE_URL is required: a postgres:// URL']);
  return parsed.data;
}
