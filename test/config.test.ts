import { describe, expect, it } from '@jest/globals';
import { readConfig } from '#config.ts';
import { trustedBase } from '#graph/port/trusted-url.ts';

const environment = {
  DATABASE_URL: 'postgres://localhost/tenantry',
  ENTRA_CLIENT_ID: 'client',
  ENTRA_CLIENT_SECRET: 'secret',
  ENTRA_HOME_TENANT_ID: '11111111-1111-4111-8111-111111111111',
  API_AUDIENCE: 'api://tenantry',
};

function accepts(use: () => unknown): boolean {
  try {
    use();
    return true;
  } catch {
    return false;
  }
}

describe('GRAPH_BASE_URL', () => {
  it.each([
    ['http://127.0.0.1:1234', true],
    ['http://localhost:1234', true],
    ['http://LOCALHOST', true],
    ['http://[::1]:1234', true],
    ['http://[0:0:0:0:0:0:0:1]', true],
    ['http://2130706433', true], // 127.0.0.1 as one number, which URL normalizes
    ['http://127.0.0.2:1234', false],
    ['http://127.1.1.1', false],
    ['http://[::ffff:127.0.0.1]', false],
    ['http://0.0.0.0', false],
    ['http://localhost.', false],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['http://graph.microsoft.com', false],
    ['ftp://127.0.0.1', false],
    ['ws://localhost', false],
  ])('%s is accepted by the configuration and the Graph client alike: %s', (url, accepted) => {
    const key = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
    const env = { ...environment, GRAPH_BASE_URL: url, SNAPSHOT_ENCRYPTION_KEYS: key };
    expect(accepts(() => readConfig(env))).toBe(accepted);
    expect(accepts(() => trustedBase(url, 'beta'))).toBe(accepted);
  });

  it.each([
    ['http://127.0.0.1:1234', true],
    ['https://localhost', true],
    ['https://127.0.0.2', false],
    ['https://graph.microsoft.com', false],
  ])('%s permits the public development key for snapshots: %s', (url, permitted) => {
    expect(accepts(() => readConfig({ ...environment, GRAPH_BASE_URL: url }))).toBe(permitted);
  });
});
