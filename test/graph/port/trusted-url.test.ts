import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import { checkedLink, trustedBase } from '#graph/port/trusted-url.ts';
import { json, rejection, withFakeGraph } from '#test/graph/support/fake-graph.ts';
import { hostileLinks } from '#test/graph/support/hostile-links.ts';

const policyType = findPolicyType('settingsCatalogPolicy')!;
const path = policyType.collection;

/** Listens at an address no test may connect to. */
async function withCanary(
  test: (host: string, hits: () => number) => Promise<void>,
): Promise<void> {
  let hits = 0;
  const server = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await test(`127.0.0.1:${(server.address() as AddressInfo).port}`, () => hits);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the destination of a token', () => {
  // Catches: a check by text prefix, a check fooled by user info, a check before normalization, a check of the origin
  // without the path, and a relative link taken for our own path.
  it('a reader follows no hostile nextLink and sends it no token', async () => {
    await withCanary(async (canary, hits) => {
      let link = '';
      await withFakeGraph(
        (_, response) => json(response, 200, { value: [], '@odata.nextLink': link }),
        async (fake) => {
          const reader = fake.reader();
          for (link of hostileLinks(fake.url, canary, path)) {
            const error = await rejection(readAll(listPolicies(reader, policyType)));
            expect([link.slice(0, 90), error['kind']]).toEqual([
              link.slice(0, 90),
              'untrusted_link',
            ]);
            expect(fake.requests.splice(0)).toHaveLength(1);
            // A link kept from an earlier page, for example in a history, is no more trusted than a new one.
            const resumed = listPolicies(reader, policyType, { nextLink: link });
            expect(await rejection(readAll(resumed))).toMatchObject({ kind: 'untrusted_link' });
            expect(fake.requests).toHaveLength(0);
          }
        },
      );
      expect(hits()).toBe(0);
    });
  });

  it.each([301, 302, 303, 307, 308])('a reader does not follow a redirect %i', async (status) => {
    await withCanary(async (canary, hits) => {
      await withFakeGraph(
        (request, response) => {
          const target = request.url?.includes('self') ? '/beta/x' : `http://${canary}/beta/x`;
          json(response, status, '', { location: target });
        },
        async (fake) => {
          for (const asked of ['/x', '/self']) {
            const error = await rejection(fake.reader().get(asked));
            expect(error).toMatchObject({ kind: 'untrusted_link', status });
          }
          expect(fake.requests).toHaveLength(2);
        },
      );
      expect(hits()).toBe(0);
    });
  });

  it('a path with dot segments cannot leave the version root', async () => {
    await withFakeGraph(
      (_, response) => json(response, 200, '{}'),
      async (fake) => {
        for (const climbing of ['/../v1.0/users', '/a/../../x', '/%2e%2e/x', '/a\\..\\..\\x']) {
          const error = await rejection(fake.reader().get(climbing));
          expect(error).toMatchObject({ kind: 'untrusted_link' });
        }
        expect(fake.requests).toHaveLength(0);
      },
    );
  });

  it('checkedLink accepts graph.microsoft.com by https only, without user info, port or look-alikes', () => {
    const base = trustedBase('https://graph.microsoft.com', 'beta');
    const good = "https://graph.microsoft.com/beta/x('1')/settings?$skiptoken=%27a%2Fb%27";
    expect(checkedLink(base, good)).toBe(good);
    for (const bad of [
      'https://graph.microsoft.com:x@evil.test/beta/x',
      'https://graph.microsoft.com.evil.test/beta/x',
      'http://graph.microsoft.com/beta/x',
      'https://graph.microsoft.com:8443/beta/x',
      'https://evil.test/https://graph.microsoft.com/beta/x',
    ]) {
      expect(() => checkedLink(base, bad)).toThrow(
        expect.objectContaining({ kind: 'untrusted_link' }),
      );
    }
  });
});

async function readAll(pages: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const page of pages) count += page ? 1 : 0;
  return count;
}
