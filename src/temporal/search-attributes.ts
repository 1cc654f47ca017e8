import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** The search attributes of every run's workflow; the namespace must have them registered as Keyword. */
export const tenantIdAttribute = keyword('TenantId');
export const operationTypeAttribute = keyword('OperationType');
export const runIdAttribute = keyword('RunId');
export const initiatorAttribute = keyword('Initiator');
