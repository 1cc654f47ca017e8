/** What is looked for, where, and by whom. */
export interface GroupQuestion {
  /** The person's own directory: the one that is searched. */
  readonly directory: string;
  /** The access token that the person has sent us. */
  readonly userToken: string;
  /** The beginnings of words in the names of groups. */
  readonly text: string;
  /** How many groups are wanted at most. */
  readonly limit: number;
}

export interface FoundGroup {
  /** Entra's object id, in lower case. */
  readonly groupId: string;
  readonly displayName: string;
}

/** Searches a directory on behalf of a signed-in person, who sees no more than that person may. */
export interface GroupSearch {
  /** Takes a question and returns the groups found. Throws GroupSearchError; nothing is retried, somebody waits. */
  search(question: GroupQuestion): Promise<FoundGroup[]>;
}

/** Why a search has brought nothing. */
export type GroupSearchFailure =
  /** Nobody has, or nobody who may, has let the application act for people of the directory. */
  | 'consent_required'
  /** The directory wants a second factor, a managed device or the like first. */
  | 'interaction_required'
  /** The directory does not exchange this token. */
  | 'delegated_token_required'
  /** The person may not read groups. */
  | 'graph_forbidden'
  /** Graph does not take what is looked for. */
  | 'not_searchable'
  | 'unavailable';

/** A search that has brought nothing. It holds codes and ids only, like every error that speaks of Graph. */
export class GroupSearchError extends Error {
  override readonly name = 'GroupSearchError';
  readonly failure: GroupSearchFailure;
  /** Graph's code, or Entra's AADSTS code, which an administrator can look up. */
  readonly graphCode: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  constructor(
    failure: GroupSearchFailure,
    facts: { code: string; requestId: string | null; retryAfterSeconds: number | null },
  ) {
    super(`group search: ${failure} (${facts.code})`);
    this.failure = failure;
    this.graphCode = facts.code;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}
