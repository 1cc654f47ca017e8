import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what is costly to make and the same for every checkout, such as the Temporal
 * CLI. It lies outside the checkout, so that a fresh clone starts fast.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tenantry');
}
