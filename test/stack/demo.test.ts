import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runStackCommand } from '#test/stack/support/started-stack.ts';

const timeoutMs = 120_000;
const seededTenant = '11111111-2222-4333-8444-555555555555';

describe('npm run demo', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function seedCompliancePolicy(seed: string, displayName: string): Promise<void> {
    const collection = join(seed, seededTenant, 'deviceCompliancePolicies');
    await mkdir(collection, { recursive: true });
    const policy = {
      '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
      displayName,
      passwordRequired: true,
      // Intune refuses a new policy unless exactly one of its actions blocks.
      scheduledActionsForRule: [
        {
          ruleName: 'PasswordRequired',
          scheduledActionConfigurations: [{ actionType: 'block', gracePeriodHours: 0 }],
        },
      ],
    };
    await writeFile(join(collection, `${displayName}.json`), JSON.stringify(policy));
  }

  // Catches: a demo that skips the seeded tenant, workflows left out of the list, exit code 0 without the work,
  // temporary folders left behind.
  it(
    'backs up a seeded tenant, damages and restores it, shows each workflow and cleans up',
    async () => {
      const [seed, temporary] = [join(folder, 'seed'), join(folder, 'tmp')];
      await mkdir(temporary);
      const names = ['Seeded one', 'Seeded two', 'Seeded three'];
      for (const name of names) await seedCompliancePolicy(seed, name);
      const demo = runStackCommand('demo.ts', join(folder, 'unused'), [], {
        SIMULATOR_SEED_DIR: seed,
        TMPDIR: temporary,
      });
      const code = await demo.exited;
      const output = demo.output();
      expect({ code, output }).toMatchObject({ code: 0 });
      for (const name of names) {
        expect(output).toMatch(new RegExp(`backup_set.create .*${name} .*capture .*succeeded`));
      }
      for (const name of names) {
        expect(output).toMatch(new RegExp(`restore.execute .*${name} .*create .*succeeded`));
      }
      expect(output.match(/http\S+\/workflows\/\S+/g)).toHaveLength(5);
      expect(output).toMatch(/^Backup set "Demo": \d+ policies, complete$/m);
      expect(output).toMatch(/^GET +\d+ +0$/m);
      expect((await readdir(temporary)).filter((name) => name.startsWith('tenantry'))).toEqual([]);
    },
    timeoutMs,
  );
});
