import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { listen } from '#api/server.ts';

describe('a server', () => {
  // Catches: a close that cuts requests in flight, or that waits forever for idle connections.
  it('close waits for requests in flight and accepts no new connections', async () => {
    const app = express();
    app.get('/slow', async (_request, response) => {
      await sleep(300);
      response.end('done');
    });
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const idle = await fetch(`${server.url}/slow`);
    await idle.text();
    const inFlight = fetch(`${server.url}/slow`);
    await sleep(50);
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(await (await inFlight).text()).toBe('done');
    await expect(fetch(`${server.url}/slow`)).rejects.toThrow();
  });

  // Catches: a silent failure for a port in use.
  it('listen rejects for a port in use', async () => {
    const app = express();
    const first = await listen(app, { host: '127.0.0.1', port: 0 });
    const port = Number(new URL(first.url).port);
    await expect(listen(app, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
  });
});
