import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** The search attributes of every run's workflow; the namespace must have them registered as Keyword. */
export const tenantIdAttribute = keyword('TenantId');
export const operationTypeAttribute = keyword('OperationType');
export const initiatorAttribute = keyword('Initiator');

/**
 * The attribute that holds the id of the run. The contract calls it `RunId`, which Temporal has as a name of its own:
 * a server takes it only with `system.suppressErrorSetSystemSearchAttribute`, shows it in the execution, and does
 * not index it. Where that will not do (Temporal Cloud), TEMPORAL_RUN_ID_ATTRIBUTE names another one. No decision
 * rests on it: what an execution works for stands in its memo.
 */
export function runIdAttribute(name: string) {
  return keyword(name);
}
