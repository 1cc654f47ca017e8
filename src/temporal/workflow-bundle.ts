import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** The bundle of an image; `npm run build:workflows` writes it. */
export const builtBundlePath = fileURLToPath(new URL('../../dist/workflows.js', import.meta.url));

/** Bundles the workflows of this checkout in about two seconds. Rejects if a workflow imports a forbidden module. */
export function bundleWorkflows(): Promise<WorkflowBundle & { code: string }> {
  // Silences webpack's progress output.
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}

/** Loads the built bundle in production, otherwise bundles the code of this checkout. */
export async function loadWorkflowBundle(
  env: NodeJS.ProcessEnv,
): Promise<{ code: string } | { codePath: string }> {
  if (env['NODE_ENV'] === 'production' && existsSync(builtBundlePath)) {
    return { codePath: builtBundlePath };
  }
  return bundleWorkflows();
}
