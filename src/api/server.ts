import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from 'express';

/** Headers and body must have arrived by then: a client that trickles bytes does not hold a connection for ever. */
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
/** How often Node looks for connections that are over their time. */
const timeoutCheckMs = 2_000;
/** Longer than usual proxies keep theirs, so that they and not we close an idle connection. */
const keepAliveTimeoutMs = 65_000;
/** Room for a token with the 200 groups that Entra puts into one, and not much more. */
const headerBytesMax = 16 * 1024;
/** How long requests in flight may take to end when the server closes. */
const closeGraceMs = 10_000;
const idleCheckMs = 50;

export interface RunningServer {
  /** `http://host:port`, with the port that was bound. */
  readonly url: string;
  /** Takes no more connections, lets requests in flight end, and cuts those that do not in time. */
  close(): Promise<void>;
}

async function closeGracefully(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last answer is on its way becomes idle a moment later, and its client may keep it open.
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
