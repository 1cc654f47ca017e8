import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A connection between a client and a server that stops each direction on request. */
export interface TcpProxy {
  /** host:port of the proxy. */
  readonly address: string;
  /** Holds the client's bytes until {@link release}. */
  holdRequests(): void;
  /** Holds the server's bytes until {@link release}. */
  holdAnswers(): void;
  /** Forwards the held bytes. */
  release(): void;
  /** Cuts all connections and drops their held bytes; on request it refuses new ones, too. */
  cut(options: { refuseNew: boolean }): void;
  close(): Promise<void>;
}

/** One direction of all connections: forwards or holds bytes, in order. */
class Direction {
  #held: (() => void)[] | null = null;

  pass(to: Socket, chunk: Buffer): void {
    if (this.#held === null) to.write(chunk);
    else this.#held.push(() => to.write(chunk));
  }

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const write of held) write();
  }

  forget(): void {
    this.#held = null;
  }
}

/** Starts a proxy before `target` (host:port). */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const [host = '', port = ''] = target.split(':');
  const requests = new Direction();
  const answers = new Direction();
  const sockets = new Set<Socket>();
  let refusing = false;
  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect({ host, port: Number(port) });
    for (const [socket, other, direction] of [
      [client, upstream, requests],
      [upstream, client, answers],
    ] as const) {
      sockets.add(socket);
      socket.on('data', (chunk: Buffer) => direction.pass(other, chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut: TcpProxy['cut'] = ({ refuseNew }) => {
    refusing = refuseNew;
    requests.forget();
    answers.forget();
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdRequests: () => requests.hold(),
    holdAnswers: () => answers.hold(),
    release: () => {
      requests.release();
      answers.release();
    },
    cut,
    close: () => {
      cut({ refuseNew: true });
      return closed(server);
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
