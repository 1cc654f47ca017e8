import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '#config.ts';

const example = parseEnv(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'));

/** Variables without a default, and variables that must not be in an example. */
const required = {
  DATABASE_URL: 'postgres://tenantry@127.0.0.1:5432/tenantry',
  API_AUDIENCE: 'api://tenantry',
  ENTRA_CLIENT_ID: 'a client',
  ENTRA_CLIENT_SECRET: 'no secret',
  ENTRA_HOME_TENANT_ID: '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02',
  GRAPH_BASE_URL: 'http://127.0.0.1:3400',
};

describe('.env.example', () => {
  // Catches: an undocumented variable, a refused value, a default changed in the code alone.
  it('names every variable, with its default', () => {
    const { config: defaults } = readConfig(required);
    expect(Object.keys(defaults).filter((name) => !Object.hasOwn(example, name))).toEqual([]);
    expect(readConfig({ ...example, ...required }).config).toEqual(defaults);
  });
});
