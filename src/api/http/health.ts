import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { publicRoute } from './define-route.ts';
import type { ApiDependencies } from './dependencies.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';

/** A part that answers later than this is too slow to serve requests. */
const checkTimeoutMs = 3_000;

const readySchema = z.strictObject({
  status: z.literal('ready'),
  checks: z.strictObject({ postgres: z.literal('up'), temporal: z.literal('up') }),
});

async function isUp(check: () => Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const tooLate = sleep(checkTimeoutMs, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([check().then(() => true), tooLate]);
  } catch {
    return false;
  } finally {
    timer.abort();
  }
}

async function checkParts(
  deps: ApiDependencies,
): Promise<{ postgres: boolean; temporal: boolean }> {
  const [postgres, temporal] = await Promise.all([
    isUp(() => sql`select 1`.execute(deps.db)),
    isUp(deps.checkTemporal),
  ]);
  return { postgres, temporal };
}

export const healthRoutes: readonly Route[] = [
  publicRoute(
    {
      operationId: 'getHealth',
      method: 'get',
      path: '/healthz',
      summary: 'Whether this process is alive; it checks no dependency',
      tag: 'Operations',
      answer: { status: 200, schema: z.strictObject({ status: z.literal('ok') }) },
    },
    async () => ({ body: { status: 'ok' } }),
  ),
  publicRoute(
    {
      operationId: 'getReadiness',
      method: 'get',
      path: '/readyz',
      summary: 'Whether Postgres and Temporal can be reached',
      tag: 'Operations',
      answer: { status: 200, schema: readySchema },
      problems: ['unavailable'],
    },
    async ({ deps }) => {
      const { postgres, temporal } = await checkParts(deps);
      const checks = { postgres: postgres ? 'up' : 'down', temporal: temporal ? 'up' : 'down' };
      if (postgres && temporal) return { body: { status: 'ready', checks } };
      throw new Problem('unavailable', 'A part that requests need cannot be reached.', {
        extensions: { checks },
      });
    },
  ),
];
