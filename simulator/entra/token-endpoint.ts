import type { Exchange } from '../http/exchange.ts';
import { headerOf } from '../http/exchange.ts';
import { readClient } from './client.ts';
import type { Entra } from './entra.ts';
import { tenantOf } from './entra.ts';
import { grants } from './grants.ts';
import { EntraProblem } from './problem.ts';
import { requiredField } from './token-request.ts';

/**
 * Answers a request to `/{tenant}/oauth2/v2.0/token`.
 * @throws EntraProblem to refuse it.
 */
export async function answerTokenRequest(
  entra: Entra,
  exchange: Exchange,
  tenantSegment: string,
): Promise<Record<string, unknown>> {
  const form = new URLSearchParams(Buffer.from(await exchange.body()).toString('utf8'));
  const grant = grants.get(requiredField(form, 'grant_type'));
  if (grant === undefined) {
    throw new EntraProblem(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form.get('grant_type') ?? ''}'.`,
    );
  }
  return grant({
    entra,
    baseUrl: exchange.baseUrl,
    tenant: tenantOf(entra.store, tenantSegment),
    client: readClient(entra, form, headerOf(exchange.request, 'authorization')),
    form,
  });
}
