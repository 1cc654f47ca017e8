import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { listen } from '#api/server.ts';

describe('a server', () => {
  // Catches: requests in flight cut by a deployment, and connections kept open for ever by it.
  it('lets what is in flight end when it closes, and takes nothing more', async () => {
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

  // Catches: a port in use that goes unnoticed.
  it('says when its port is taken', async () => {
    const app = express();
    const first = await listen(app, { host: '127.0.0.1', port: 0 });
    const port = Number(new URL(first.url).port);
    await expect(listen(app, { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await first.close();
  });
});
