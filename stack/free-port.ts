import { createServer } from 'node:net';

/**
 * Free ports are taken from below the range that kernels hand to outgoing connections (32768 and
 * up on Linux), so that a child that is started again finds its port still free.
 */
const lowestPort = 10_000;
const highestPort = 32_000;
const attempts = 200;

/** Tells whether something can listen on `port` of `host` now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that nothing listens on. Throws when 200 random ones are all taken. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port between ${lowestPort} and ${highestPort} after ${attempts} tries`);
}
