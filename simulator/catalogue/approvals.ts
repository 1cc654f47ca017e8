import type { JsonObject } from '../json/object.ts';
import { stringOf, withMember } from '../json/object.ts';
import { child } from './child-collection.ts';
import { collection } from './collection-type.ts';

/** An undecided request expires after three days. */
export const approvalPeriodMs = 3 * 24 * 60 * 60 * 1000;

/** The child collection with a request's held write; it has no path. */
export const heldCall = 'heldCall';

/** The operations with approval by a second administrator: one object per kind. */
export const operationApprovalPolicies = collection(
  '/deviceManagement/operationApprovalPolicies',
  'operationApprovalPolicy',
  { scopeTags: null },
);

/** The requests for approval, waiting or done. */
export const operationApprovalRequests = collection(
  '/deviceManagement/operationApprovalRequests',
  'operationApprovalRequest',
  {
    scopeTags: null,
    dated: false,
    children: [child(heldCall)],
    navigable: false,
    actions: ['approve', 'reject'],
    present: (body) => withMember(body, 'status', JSON.stringify(requestStatus(body))),
  },
);

/** Returns a request's status; an undecided one expires by time alone. */
export function requestStatus(request: JsonObject): string {
  const status = stringOf(request, 'status') ?? 'needsApproval';
  const until = Date.parse(stringOf(request, 'expirationDateTime') ?? '');
  return status === 'needsApproval' && until < Date.now() ? 'expired' : status;
}
