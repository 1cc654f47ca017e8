import type { Exchange } from '../http/exchange.ts';
import { sendJson, sendText } from '../http/send.ts';
import { InvalidJsonError, validJsonText } from '../json/validate.ts';
import type { Control } from './control.ts';
import { ControlProblem } from './control.ts';
import { readFaultRules } from './fault-rules.ts';
import { issueToken } from './issue-token.ts';
import { mutateObject } from './mutate.ts';
import { objectsText, seedObjects } from './objects.ts';
import { putTenant } from './put-tenant.ts';
import { setExpansions, setReplication } from './set-conditions.ts';
import { setThrottle } from './set-throttle.ts';

/** One call of the control API, with its path and body read. */
interface ControlCall {
  readonly control: Control;
  readonly tenantId: string;
  readonly query: URLSearchParams;
  readonly bodyText: string;
  readonly baseUrl: string;
}

/** Ready JSON text, or a value to serialize. */
type ControlAnswer = { readonly text: string } | { readonly value: unknown };

type ControlHandler = (call: ControlCall) => ControlAnswer;

const done: ControlAnswer = { value: { ok: true } };

/** The control API by method and path; `:t` is a tenant. */
const handlers: ReadonlyMap<string, ControlHandler> = new Map<string, ControlHandler>([
  [
    'PUT tenants/:t',
    ({ control, tenantId, bodyText }) => ({ value: putTenant(control, tenantId, bodyText) }),
  ],
  [
    'POST tenants/:t/objects',
    ({ control, tenantId, bodyText }) => ({ value: seedObjects(control, tenantId, bodyText) }),
  ],
  [
    'GET tenants/:t/objects',
    ({ control, tenantId, query }) => ({
      text: objectsText(control, tenantId, query.get('bodies') !== 'false'),
    }),
  ],
  [
    'POST tenants/:t/mutate',
    ({ control, tenantId, bodyText }) => ({ text: mutateObject(control, tenantId, bodyText) }),
  ],
  [
    'GET requests',
    ({ control, query }) => ({ value: control.log.rows(query.get('tenant'), query.get('since')) }),
  ],
  [
    'DELETE requests',
    ({ control }) => {
      control.log.clear();
      return done;
    },
  ],
  [
    'PUT faults',
    ({ control, bodyText }) => {
      control.faults.replace(readFaultRules(bodyText));
      return done;
    },
  ],
  ['GET faults', ({ control }) => ({ value: control.faults.list() })],
  ['PUT throttle', ({ control, bodyText }) => ({ value: setThrottle(control, bodyText) })],
  ['PUT expansions', ({ control, bodyText }) => ({ value: setExpansions(control, bodyText) })],
  ['PUT replication', ({ control, bodyText }) => ({ value: setReplication(control, bodyText) })],
  ['GET directory', ({ control }) => ({ value: control.store.tenants() })],
  ['POST keys/rotate', ({ control }) => ({ value: { keyId: control.keys.rotate().keyId } })],
  ['POST tokens', ({ control, bodyText }) => ({ value: issueToken(control.keys, bodyText) })],
]);

/** Answers a request to `/_sim/…`. */
export async function answerControl(control: Control, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  try {
    const bytes = await exchange.body();
    const bodyText = bytes.length === 0 ? '' : validJsonText(bytes);
    const answer = answerCall(control, exchange, bodyText);
    if ('value' in answer) sendJson(response, 200, answer.value);
    else sendText(response, 200, 'application/json; charset=utf-8', answer.text);
  } catch (error) {
    if (error instanceof ControlProblem) sendJson(response, error.status, { error: error.message });
    else if (error instanceof InvalidJsonError) sendJson(response, 400, { error: error.message });
    else throw error;
  }
}

function answerCall(control: Control, exchange: Exchange, bodyText: string): ControlAnswer {
  const [first = '', second = '', ...rest] = exchange.path.slice('/_sim/'.length).split('/');
  const ofTenant = first === 'tenants' && second !== '';
  const pattern = ofTenant ? ['tenants', ':t', ...rest] : [first, second, ...rest];
  const handler = handlers.get(
    `${exchange.method} ${pattern.filter((part) => part !== '').join('/')}`,
  );
  if (handler === undefined) {
    throw new ControlProblem(404, `the control surface has no ${exchange.method} ${exchange.path}`);
  }
  return handler({
    control,
    tenantId: ofTenant ? second.toLowerCase() : '',
    query: new URLSearchParams(exchange.query),
    bodyText,
    baseUrl: exchange.baseUrl,
  });
}
