import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for files that are slow to make and equal in every checkout, such as the Temporal CLI.
 * It lies outside the checkout, so a fresh clone starts fast.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tenantry');
}
