import { GroupSearchError, type GroupSearchFailure } from '#domain/directory/group-search.ts';
import { GraphError } from '#graph/port/graph-error.ts';

/** Entra's numbers for: nobody, or nobody who may, has consented; or the application is not known in the directory. */
const consentCodes: ReadonlySet<string> = new Set([
  'AADSTS65001',
  'AADSTS65004',
  'AADSTS90094',
  'AADSTS500011',
  'AADSTS650052',
  'AADSTS700016',
]);

/** Entra's numbers for: a second factor, a managed device or another condition is wanted first. */
const interactionCodes: ReadonlySet<string> = new Set([
  'AADSTS50005',
  'AADSTS50076',
  'AADSTS50079',
  'AADSTS50158',
  'AADSTS53000',
  'AADSTS53001',
  'AADSTS53003',
]);

/** Takes whatever a search has thrown and returns what it means to who has asked; no failure of Graph's stays as it is. */
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
