import { invalidRequest, Problem } from '#api/http/problem.ts';
import { GroupSearchError, type GroupSearchFailure } from '#domain/directory/group-search.ts';

const retryAfterSecondsDefault = 5;
/** A person in front of a page does not wait longer. */
const retryAfterSecondsMax = 300;

const sentences: Record<Exclude<GroupSearchFailure, 'not_searchable'>, string> = {
  consent_required: 'Your directory has not consented to Tenantry reading groups in your name.',
  interaction_required: 'Your directory requires a stronger sign-in. Sign in again.',
  delegated_token_required:
    'Your directory does not exchange this sign-in for one to Microsoft Graph.',
  graph_forbidden: 'Microsoft Graph does not let you read groups.',
  unavailable: 'Microsoft Graph cannot be asked at present.',
};

/** The problem for a failed group search; returns other errors unchanged. */
export function groupSearchProblem(error: unknown): unknown {
  if (!(error instanceof GroupSearchError)) return error;
  const { failure, graphCode, requestId, retryAfterSeconds } = error;
  if (failure === 'not_searchable') {
    return invalidRequest([{ path: 'q', message: 'is not taken by Microsoft Graph' }]);
  }
  const asked = retryAfterSeconds ?? retryAfterSecondsDefault;
  const seconds = Math.ceil(Math.min(Math.max(asked, 1), retryAfterSecondsMax));
  return new Problem(failure, sentences[failure], {
    extensions: { graphCode, graphRequestId: requestId },
    ...(failure === 'unavailable' ? { headers: { 'Retry-After': String(seconds) } } : {}),
  });
}
