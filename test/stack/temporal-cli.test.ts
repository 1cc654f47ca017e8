import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporalCliVersion } from '#stack/temporal-cli-version.ts';
import { findTemporalCli } from '#stack/temporal-cli.ts';

describe('the search for the Temporal CLI', () => {
  let folder = '';
  let env: NodeJS.ProcessEnv = {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
    env = { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** A program that answers `--version` like a CLI with this server. */
  async function writeCli(path: string, server: string): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      `#!/bin/sh\necho "temporal version 1.2.3 (Server ${server}, UI 2.0.0)"\n`,
    );
    await chmod(path, 0o755);
    return path;
  }

  const onPath = () => join(folder, 'bin', 'temporal');
  const inCache = () => {
    const name = `temporal-v${temporalCliVersion}-${process.platform}-${process.arch}`;
    return join(folder, 'cache', 'tenantry', name);
  };

  // Catches: another order of search, a cache inside the checkout.
  it('prefers TEMPORAL_CLI to the PATH, and the PATH to the cache', async () => {
    const cached = await writeCli(inCache(), '1.32.0');
    expect(await findTemporalCli({ env })).toBe(cached);
    const found = await writeCli(onPath(), '1.32.0');
    expect(await findTemporalCli({ env })).toBe(found);
    const named = await writeCli(join(folder, 'named'), '1.32.0');
    expect(await findTemporalCli({ env: { ...env, TEMPORAL_CLI: named } })).toBe(named);
  });

  // Catches: versions compared as text ('1.9.0' > '1.32.0'), a binary used without a check.
  it('skips a CLI with a server that is too old', async () => {
    await writeCli(onPath(), '1.9.9');
    const cached = await writeCli(inCache(), '1.29.1');
    expect(await findTemporalCli({ env })).toBe(cached);
  });

  // Catches: a fallback from the user's CLI to another.
  it('refuses an unusable TEMPORAL_CLI with the reason', async () => {
    await writeCli(onPath(), '1.32.0');
    const old = await writeCli(join(folder, 'old'), '1.20.0');
    const search = (path: string) => findTemporalCli({ env: { ...env, TEMPORAL_CLI: path } });
    await expect(search(old)).rejects.toThrow(/TEMPORAL_CLI .*1\.20\.0.*1\.29\.1/);
    await expect(search(join(folder, 'missing'))).rejects.toThrow(/TEMPORAL_CLI .*does not run/);
  });
});
