import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control } from './control/control.ts';
import { answerControl } from './control/routes.ts';
import type { Entra } from './entra/entra.ts';
import { answerEntra } from './entra/routes.ts';
import { answerUserInfo, userInfoPath } from './entra/user-info.ts';
import type { Authenticator } from './graph/authenticate.ts';
import { answerGraphRequest, isGraphPath } from './graph/front.ts';
import type { Gate } from './graph/gate.ts';
import type { Exchange } from './http/exchange.ts';
import { openExchange } from './http/exchange.ts';
import { sendJson } from './http/send.ts';

/** The services behind the simulator's one address. */
export interface Parts {
  readonly control: Control;
  readonly entra: Entra;
  readonly gate: Gate;
  readonly authenticator: Authenticator;
}

/** Routes a request to its service by path. A bug in the simulator answers 500 and does not end the process. */
export async function answerRequest(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = openExchange(request, response);
  try {
    await route(parts, exchange);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (!response.headersSent) sendJson(response, 500, { error: 'the simulator made a mistake' });
    else response.destroy();
  }
}

async function route(parts: Parts, exchange: Exchange): Promise<void> {
  const { path, response } = exchange;
  if (path === '/healthz') return sendJson(response, 200, { status: 'ok' });
  if (path.startsWith('/_sim/')) return answerControl(parts.control, exchange);
  if (isGraphPath(path)) return answerGraphRequest(parts.gate, parts.authenticator, exchange);
  if (path === userInfoPath) return answerUserInfo(parts.entra, exchange);
  if (await answerEntra(parts.entra, exchange)) return;
  sendJson(response, 404, { error: `there is nothing at ${path}` });
}
