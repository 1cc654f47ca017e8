import { UsageError } from '#commands/usage-error.ts';
import { SchemaVersionError } from '#db/migrations/migrate.ts';
import { ConfigError } from './config.ts';

/** Loads one command only: `migrate` does not need the native parts of a worker. */
const commands: Readonly<Record<string, () => Promise<(env: NodeJS.ProcessEnv) => Promise<void>>>> =
  {
    api: async () => (await import('#commands/api.ts')).api,
    worker: async () => (await import('#commands/worker.ts')).worker,
    migrate: async () => (await import('#commands/migrate.ts')).migrate,
    'verify-audit': async () => {
      const { verifyAudit } = await import('#commands/verify-audit.ts');
      return (env) => verifyAudit(env, process.argv.slice(3));
    },
  };

async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    process.stderr.write(`usage: node src/main.ts ${Object.keys(commands).join(' | ')}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    const run = await load();
    await run(process.env);
  } catch (error) {
    const expected =
      error instanceof ConfigError ||
      error instanceof SchemaVersionError ||
      error instanceof UsageError;
    const text =
      error instanceof Error ? (expected ? error.message : (error.stack ?? '')) : 'failed';
    const { redactText } = await import('./logger.ts');
    process.stderr.write(`${redactText(text)}\n`);
    process.exitCode = 1;
  }
  // An open IPC channel would keep the process alive.
  process.disconnect?.();
}

await main();
