import type { Logger } from '#logger.ts';

/** Tells a parent process over IPC that this one is ready. The embedded stack waits for this message. */
export function announceReady(details: { url?: string } = {}): void {
  process.send?.({ type: 'ready', ...details });
}

/**
 * Waits for SIGTERM, SIGINT, or the end of the parent at the IPC channel. An uncaught error ends the process at once:
 * its supervisor starts it again with a clean state.
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
