import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { builtBundlePath, bundleWorkflows } from '#temporal/workflow-bundle.ts';

// Builds the workflow bundle that a production worker loads; with --check it is only built, not kept.
const { code } = await bundleWorkflows();
if (!process.argv.includes('--check')) {
  await mkdir(dirname(builtBundlePath), { recursive: true });
  await writeFile(builtBundlePath, code);
}
