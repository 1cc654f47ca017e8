import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { builtBundlePath, bundleWorkflows } from '#temporal/workflow-bundle.ts';

// Builds the workflow bundle for production workers; with --check, only builds it.
const { code } = await bundleWorkflows();
if (!process.argv.includes('--check')) {
  await mkdir(dirname(builtBundlePath), { recursive: true });
  await writeFile(builtBundlePath, code);
}
