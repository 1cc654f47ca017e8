import type { JsonObject } from '../json/object.ts';
import { stringOf, withMember } from '../json/object.ts';
import { child } from './child-collection.ts';
import { collection } from './collection-type.ts';

/** A request that nobody decides on ends after three days. */
export const approvalPeriodMs = 3 * 24 * 60 * 60 * 1000;

/** The child collection in which a request keeps the write that it is for; it has no address. */
export const heldCall = 'heldCall';

/** What needs the approval of a second administrator: there is one object for each kind of operation. */
export const operationApprovalPolicies = collection(
  '/deviceManagement/operationApprovalPolicies',
  'operationApprovalPolicy',
  { scopeTags: null },
);

/** The writes that wait for an approval, or have waited. */
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

/** Where a request stands; time alone ends one that nobody decides on. */
export function requestStatus(request: JsonObject): string {
  const status = stringOf(request, 'status') ?? 'needsApproval';
  const until = Date.parse(stringOf(request, 'expirationDateTime') ?? '');
  return status === 'needsApproval' && until < Date.now() ? 'expired' : status;
}
