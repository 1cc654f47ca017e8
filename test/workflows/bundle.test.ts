import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const quiet = new DefaultLogger('ERROR', () => undefined);

function bundle(fixture: string) {
  const workflowsPath = fileURLToPath(new URL(`./fixtures/${fixture}.ts`, import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: quiet });
}

describe('the bundler of workflows', () => {
  // Catches: `ignoreModules` or a bundler setting that accepts such an import; it would fail or differ at replay.
  it.each(['reads-a-file', 'reaches-the-database'])(
    'refuses a workflow that %s',
    async (fixture) => {
      await expect(bundle(fixture)).rejects.toThrow();
    },
  );

  it('accepts a workflow that imports only the domain', async () => {
    const { code } = await bundle('has-a-bug');
    expect(code).toContain('capturePolicySnapshot');
  });
});
