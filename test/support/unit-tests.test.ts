import { globSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unitTests } from './unit-tests.ts';

async function unitTestsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'tenantry-unit-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
    return unitTests(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

// In two parts, so that this file is no test that needs a server.
const database = ['process.env', "['TEST_POSTGRES_URL']"].join('');

describe('unit tests', () => {
  it('are the files that load no module which reads the address of a server', async () => {
    const files = {
      'test/support/database.ts': database,
      'test/support/rows.ts': "import {\n  a,\n} from './database.ts';",
      'src/db/page.ts': '',
      'stack/part.ts': '',
      'test/a/pure.test.ts': "import { page } from '#db/page.ts';\nimport pg from 'pg';",
      'test/a/types.test.ts': "import type { Rows } from '#test/support/rows.ts';",
      'test/a/rows.test.ts': "import { rows } from '#test/support/rows.ts';",
      'test/a/late.test.ts': "const rows = await import('#test/support/rows.ts');",
      'test/a/passed-on.test.ts': "export * from '../support/rows.ts';",
      'test/a/stack.test.ts': "import '#stack/part.ts';",
      'test/a/itself.test.ts': database,
    };
    expect(await unitTestsOf(files)).toEqual(['test/a/pure.test.ts', 'test/a/types.test.ts']);
  });

  it('are all tests of the domain and the simulator, and none of the stack, of journeys and of runs', () => {
    const unit = unitTests(process.cwd());
    const pure = globSync('test/{domain,simulator}/**/*.test.ts');
    expect(pure.filter((file) => !unit.includes(file))).toEqual([]);
    expect(unit.filter((file) => /^test\/(stack|e2e|workflows\/run)\//.test(file))).toEqual([]);
  });
});
