import { pino, type Logger } from 'pino';

export type { Logger };

/** The one redaction list: names of fields with secrets, at the top of a log line or one level down. */
const secretNames = [
  'authorization',
  'cookie',
  'client_secret',
  'clientSecret',
  'client_assertion',
  'access_token',
  'accessToken',
  'refresh_token',
  'id_token',
  'password',
  'assertion',
  'connectionString',
  'databaseUrl',
  'body',
  'headers',
];

/** Bearer tokens, JSON web tokens and passwords of URLs, anywhere in a text. */
const secretTexts =
  /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?<=Bearer )\S+|(?<=:\/\/[^:@/\s]{1,64}:)[^@/\s]+(?=@)/gi;

/** Replaces the secrets of a text. */
export function redactText(text: string): string {
  return text.replace(secretTexts, '[redacted]');
}

/** Makes the logger of a process: JSON lines on stdout, without secrets. */
export function createLogger(options: { level: string; name: string }): Logger {
  return pino({
    name: options.name,
    level: options.level,
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: serializeError },
    hooks: {
      logMethod(args, method) {
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)) as typeof args,
        );
      },
    },
  });
}

// Errors of libraries carry requests, headers and rows. Only these fields of an error may be logged.
function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return {
    type: error.name,
    ...code,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
  };
}
