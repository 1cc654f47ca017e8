import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/**
 * Silences Temporal's workers, whose lines about injected faults would bury the tests' own. Call it before the first
 * worker; not at import, because an unused runtime keeps the process from ending.
 */
export function quietRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
}
