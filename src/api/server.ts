import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from 'express';

/** The time for headers and body to arrive: a client that trickles bytes must not hold a connection forever. */
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
/** The interval of Node's check for connections past their time. */
const timeoutCheckMs = 2_000;
/** Longer than the usual value of proxies, so that the proxy closes an idle connection first. */
const keepAliveTimeoutMs = 65_000;
/** Enough for a token with 200 groups, Entra's maximum. */
const headerBytesMax = 16 * 1024;
/** The time for requests in flight to end when the server closes. */
const closeGraceMs = 10_000;
const idleCheckMs = 50;

export interface RunningServer {
  /** `http://host:port`, with the bound port. */
  readonly url: string;
  /** Accepts no more connections, waits for requests in flight, and cuts the ones past the time. */
  close(): Promise<void>;
}

async function closeGracefully(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection becomes idle a moment after its last answer, and its client may keep it open.
  const idleCheck = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  const timer = new AbortController();
  const tooLate = sleep(closeGraceMs, null, { signal: timer.signal }).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await Promise.race([closed, tooLate]);
  timer.abort();
  await closed;
  clearInterval(idleCheck);
}

/**
 * Listens for requests.
 * @param options.port 0 picks a free one.
 * @throws the system's error, such as EADDRINUSE.
 */
export async function listen(
  app: Application,
  options: { host: string; port: number },
): Promise<RunningServer> {
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: timeoutCheckMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      maxHeaderSize: headerBytesMax,
    },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, close: () => closeGracefully(server) };
}
