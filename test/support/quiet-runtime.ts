import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/**
 * Keeps Temporal's workers quiet: what they say of faults that tests inject would bury the tests' own lines. To be
 * called before the first worker. Not at import: a runtime that no worker ever used keeps the process from ending.
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
