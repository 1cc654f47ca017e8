import { GroupSearchError, type GroupSearchFailure } from '#domain/directory/group-search.ts';
import { GraphError } from '#graph/port/graph-error.ts';

/** Entra's numbers for a missing consent, a missing right to consent, or an application unknown in the directory. */
const consentCodes: ReadonlySet<string> = new Set([
  'AADSTS65001',
  'AADSTS65004',
  'AADSTS90094',
  'AADSTS500011',
  'AADSTS650052',
  'AADSTS700016',
]);

/** Entra's numbers for a condition to meet first: a second factor, a managed device and the like. */
const interactionCodes: ReadonlySet<string> = new Set([
  'AADSTS50005',
  'AADSTS50076',
  'AADSTS50079',
  'AADSTS50158',
  'AADSTS53000',
  'AADSTS53001',
  'AADSTS53003',
]);

/** Turns any GraphError of a search into its meaning for the caller of the API. */
export function groupSearchFailure(error: unknown): unknown {
  return error instanceof GraphError ? new GroupSearchError(meaningOf(error), error) : error;
}

function meaningOf({ kind, code }: GraphError): GroupSearchFailure {
  switch (kind) {
    case 'unauthorized':
      if (consentCodes.has(code)) return 'consent_required';
      return interactionCodes.has(code) ? 'interaction_required' : 'delegated_token_required';
    case 'forbidden':
      return 'graph_forbidden';
    case 'bad_request':
      return 'not_searchable';
    default:
      return 'unavailable';
  }
}
