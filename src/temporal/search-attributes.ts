import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** The search attributes of every run's workflow. The namespace must register them as Keyword. */
export const tenantIdAttribute = keyword('TenantId');
export const operationTypeAttribute = keyword('OperationType');
export const initiatorAttribute = keyword('Initiator');

/**
 * The attribute with the run's id. Temporal has a system attribute of the same name, `RunId`: a server accepts ours
 * only with `system.suppressErrorSetSystemSearchAttribute`, shows it, and does not index it. On Temporal Cloud,
 * TEMPORAL_RUN_ID_ATTRIBUTE names another attribute. No decision depends on it: the memo of an execution names its run.
 */
export function runIdAttribute(name: string) {
  return keyword(name);
}
