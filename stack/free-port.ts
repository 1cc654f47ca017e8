import { createServer } from 'node:net';

/**
 * Free ports come from below the range for outgoing connections (from 32768 on Linux), so a
 * restarted child finds its port free.
 */
const lowestPort = 10_000;
const highestPort = 32_000;
const attempts = 200;

/** Whether a process can listen on `port` of `host` now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Finds a free port of 127.0.0.1. Throws if 200 random ports are all in use. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port between ${lowestPort} and ${highestPort} after ${attempts} tries`);
}
