/**
 * The failure codes of runs and items: stable snake_case words for the API, each with a sentence for people. Graph's own
 * words never go into these, because they may quote a body.
 */
export const failureMessages = {
  dispatch_failed: 'The run could not be handed to Temporal; nothing was done. Start it again.',
  workflow_terminated: 'The workflow of the run was terminated by an operator.',
  workflow_timed_out: 'The workflow of the run exceeded its time limit.',
  workflow_failed: 'The workflow of the run ended with an error before it could report a result.',
  workflow_lost: 'Temporal no longer knows the workflow of the run.',
  canceled: 'The run was cancelled before this was done.',
  run_failed: 'The run ended before this could be done.',
  internal_error: 'Something unexpected went wrong inside Tenantry; the log has the details.',
  policy_gone: 'The policy no longer exists in the tenant.',
  graph_throttled: 'Microsoft Graph kept throttling the requests of this tenant.',
  graph_unavailable: 'Microsoft Graph did not answer in time or was unavailable.',
  graph_unauthorized:
    'Microsoft Graph refused the access token. Check the app registration of the tenant.',
  graph_forbidden:
    'Microsoft Graph refused access. Grant the missing permission, or check licence and scope tags.',
  graph_bad_request: 'Microsoft Graph refused the request as invalid.',
  graph_invalid_response: 'Microsoft Graph sent an answer that cannot be used.',
  token_unavailable:
    'No access token could be had for the tenant. Check consent and the app credentials.',
  too_large: 'The policy is larger or nested deeper than the limits allow.',
  setting_count_mismatch: 'Graph announced another number of settings than it delivered.',
  snapshot_corrupt: 'A stored snapshot no longer has the hash that it was kept under.',
  archive_rejected:
    'The archive was refused whole, and nothing of it was kept; the reason is in the context.',
  type_unavailable: 'Microsoft Graph does not offer this policy type in the tenant.',
  write_blocked:
    'A write was attempted by what may only read. It was stopped, and nothing was changed.',
  drifted_since_preview:
    'The object in the tenant is no longer as the preview saw it. It was left alone; preview again.',
  needs_secret:
    'Graph never gives the secret back that this policy holds. Set it by hand; the item was left alone.',
  reference_missing:
    'The policy refers to an object that the tenant does not have. Restore that one, too, or make it.',
  group_unmapped:
    'The policy names a group or user that nothing stands for in the tenant, and without it would reach others.',
  assignments_blocked:
    'The content was restored, the assignments were not: without what is missing they would reach others.',
  ambiguous_target:
    'Several objects in the tenant have the name of this policy; none of them was touched.',
  not_portable: 'The policy is bound to the tenant that it came from.',
  not_restorable: 'Graph offers no way to write this policy.',
  dependency_failed: 'An object that this policy refers to could not be restored before it.',
  not_verified: 'Graph took the write, but the object does not read back as it was written.',
  create_unsettled:
    'Whether Graph has created the object could not be found out. Look for it before you try again.',
  created_by_restore:
    'The restore had created this object. Undo leaves it, unless told to delete it.',
  touched_since_restore:
    'Somebody has changed the object since the restore had created it. It was left alone.',
  snapshot_gone: 'The snapshot that this item was to be restored from is no longer there.',
  preview_stale: 'The preview is too old to be carried out. Preview again.',
  plan_unreadable:
    'The stored plan of this item is damaged, or another version of Tenantry wrote it. The item was left alone; preview again.',
  run_not_found: 'The workflow was started for a run that does not exist.',
  workflow_mismatch:
    'The workflow was started with an id that is not the idempotency key of its run.',
  tenant_mismatch: 'The workflow was started with a tenant that is not the tenant of its run.',
} as const;

export type FailureCode = keyof typeof failureMessages;

/** The place of a failure in ids, numbers and codes; never text of Graph, tokens or bodies. */
export type FailureContext = Readonly<Record<string, string | number | boolean | null>>;

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly context: FailureContext;
}

export function failure(code: FailureCode, context: FailureContext = {}): Failure {
  return { code, message: failureMessages[code], context };
}

/** A guard for words from Temporal and Postgres. */
export function isFailureCode(word: string | null | undefined): word is FailureCode {
  return typeof word === 'string' && Object.hasOwn(failureMessages, word);
}
