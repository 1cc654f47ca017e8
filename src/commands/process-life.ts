import type { Logger } from '#logger.ts';

/** What a parent process is told over IPC, if there is one: the embedded stack waits for it. */
export function announceReady(details: { url?: string } = {}): void {
  process.send?.({ type: 'ready', ...details });
}

/**
 * Waits until the process is asked to end: by SIGTERM, SIGINT, or the death of the parent that holds the IPC channel.
 * What was never caught ends the process at once: its supervisor starts it again with a clean state.
 */
export function untilAskedToStop(log: Logger): Promise<void> {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.fatal({ err }, event);
      process.exit(1);
    });
  }
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    process.once('disconnect', () => resolve());
  });
}
