import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Where a deployment finds the bundle that was built with its image; see `npm run build:workflows`. */
export const builtBundlePath = fileURLToPath(new URL('../../dist/workflows.js', import.meta.url));

/** Bundles the workflows of this checkout: about two seconds. Rejects when they import what a workflow may not. */
export function bundleWorkflows(): Promise<WorkflowBundle & { code: string }> {
  // What webpack has packed interests nobody, and its lines are no log of ours.
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}

/** What workers and replays run: the built bundle in production, otherwise one of the code as it stands. */
export async function loadWorkflowBundle(
  env: NodeJS.ProcessEnv,
): Promise<{ code: string } | { codePath: string }> {
  if (env['NODE_ENV'] === 'production' && existsSync(builtBundlePath)) {
    return { codePath: builtBundlePath };
  }
  return bundleWorkflows();
}
