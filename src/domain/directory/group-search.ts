/** A search: its words, its directory and the person behind it. */
export interface GroupQuestion {
  /** The directory of the person; the search covers only this one. */
  readonly directory: string;
  /** The access token of the person's request. */
  readonly userToken: string;
  /** Beginnings of words in the groups' names. */
  readonly text: string;
  /** Maximum number of groups. */
  readonly limit: number;
}

export interface FoundGroup {
  /** Entra's object id, in lower case. */
  readonly groupId: string;
  readonly displayName: string;
}

/** Searches a directory on behalf of a signed-in person, with the rights of that person. */
export interface GroupSearch {
  /** Finds groups. No attempt is retried, because a person is waiting. @throws GroupSearchError */
  search(question: GroupQuestion): Promise<FoundGroup[]>;
}

/** The reason for a failed search. */
export type GroupSearchFailure =
  /** Neither the person nor an administrator has consented to delegated access. */
  | 'consent_required'
  /** The directory first demands a second factor, a managed device or the like. */
  | 'interaction_required'
  /** The directory refuses to exchange this token. */
  | 'delegated_token_required'
  /** The person may not read groups. */
  | 'graph_forbidden'
  /** Graph refuses the search words. */
  | 'not_searchable'
  | 'unavailable';

/** A failed search. It holds codes and ids only, like every error about Graph. */
export class GroupSearchError extends Error {
  override readonly name = 'GroupSearchError';
  readonly failure: GroupSearchFailure;
  /** Graph's code, or Entra's AADSTS code; an administrator can look it up. */
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
