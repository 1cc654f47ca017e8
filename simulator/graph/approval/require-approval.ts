import { randomUUID } from 'node:crypto';
import {
  approvalPeriodMs,
  heldCall,
  operationApprovalPolicies,
  operationApprovalRequests,
  requestStatus,
} from '../../catalogue/approvals.ts';
import { storeObject, tenantObjects } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  member,
  objectOf,
  objectText,
  stringOf,
  withMember,
} from '../../json/object.ts';
import type { GraphCall } from '../call.ts';
import { GraphProblem, intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import type { GraphService } from '../service.ts';
import { approvalRequests, heldCallOf, isSameCall } from './held-call.ts';
import { workloadAt } from './workload.ts';

const justificationHeader = 'x-msft-approval-justification';
const codeHeader = 'x-msft-approval-code';
const justificationBytesMax = 1024;

/**
 * Lets a write pass if it needs no approval or has one; the returned function completes the request after the write.
 * Refuses a write without a justification, and while another write of the same object waits. Otherwise files a
 * request and refuses with 412 and the code for the retry.
 * @throws GraphProblem (400, 403, 409, 412).
 */
export function requireApproval(service: GraphService, call: GraphCall): () => void {
  if (!needsApproval(service, call)) return () => undefined;
  const code = call.headers[codeHeader];
  if (code !== undefined) return approved(service, call, code);
  const justification = readJustification(call.headers[justificationHeader]);
  const waiting = approvalRequests(service, call).some(
    ({ request, held }) =>
      requestStatus(request) === 'needsApproval' && stringOf(held, 'path') === call.path,
  );
  if (waiting) {
    throw intuneProblem(
      409,
      'Conflict',
      'An active Approval Request already exists for the entity',
    );
  }
  throw filed(service, call, justification);
}

function needsApproval(service: GraphService, call: GraphCall): boolean {
  const workload = workloadAt(call.path);
  if (workload === null) return false;
  const policies = tenantObjects(operationApprovalPolicies, tenantOf({ service, call }));
  return policies.some((policy) => stringOf(policy, 'policyType') === workload);
}

function approved(service: GraphService, call: GraphCall, code: string): () => void {
  const found = approvalRequests(service, call).find(({ held }) => stringOf(held, 'code') === code);
  const isAsFiled = found !== undefined && isSameCall(found.held, heldCallOf(call, code));
  if (!isAsFiled || requestStatus(found.request) !== 'approved') {
    throw intuneProblem(403, 'Forbidden', 'The approval code is not valid for this request');
  }
  return () => save(service, call, withMember(found.request, 'status', '"completed"'));
}

function readJustification(header: string | undefined): string {
  const bytes = Buffer.from(header ?? '', 'base64');
  if (bytes.length === 0) {
    throw intuneProblem(400, 'BadRequest', `Header '${justificationHeader}' is required`);
  }
  if (bytes.length > justificationBytesMax) {
    throw intuneProblem(400, 'BadRequest', `Header '${justificationHeader}' is too long`);
  }
  return bytes.toString('utf8');
}

function filed(service: GraphService, call: GraphCall, justification: string): GraphProblem {
  const code = randomUUID();
  const now = Date.now();
  save(service, call, [
    ...objectOf({
      id: randomUUID(),
      requestDateTime: new Date(now).toISOString(),
      expirationDateTime: new Date(now + approvalPeriodMs).toISOString(),
      lastModifiedDateTime: new Date(now).toISOString(),
      requestor: { application: { id: call.caller.appId } },
      approver: null,
      status: 'needsApproval',
      requestJustification: justification,
      approvalJustification: null,
      requiredOperationApprovalPolicyTypes: [workloadAt(call.path)],
    }),
    member(heldCall, arrayText([objectText(heldCallOf(call, code))])),
  ]);
  return new GraphProblem(
    412,
    'PreconditionFailed',
    'A request for approval of this operation has been filed',
    { fromIntune: true, headers: { [codeHeader]: code } },
  );
}

function save(service: GraphService, call: GraphCall, request: JsonObject): void {
  const id = stringOf(request, 'id') ?? '';
  storeObject(operationApprovalRequests, tenantOf({ service, call }), id, request);
}
