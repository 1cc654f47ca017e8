import { createHash } from 'node:crypto';
import { heldCall, operationApprovalRequests } from '../../catalogue/approvals.ts';
import { tenantObjects } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { objectOf, objectsOf, stringOf } from '../../json/object.ts';
import type { GraphCall } from '../call.ts';
import { tenantOf } from '../read/reading.ts';
import type { GraphService } from '../service.ts';

/** Keeps just enough of a waiting write to recognize it later. */
export function heldCallOf(call: GraphCall, code: string): JsonObject {
  const hash = createHash('sha256')
    .update(call.body ?? '')
    .digest('hex');
  return objectOf({
    code,
    method: call.method,
    path: call.path,
    query: call.query,
    bodySha256: hash,
    appId: call.caller.appId,
  });
}

/** Returns the tenant's approval requests with their held calls. */
export function approvalRequests(
  service: GraphService,
  call: GraphCall,
): { readonly request: JsonObject; readonly held: JsonObject }[] {
  return tenantObjects(operationApprovalRequests, tenantOf({ service, call })).map((request) => ({
    request,
    held: objectsOf(request, heldCall)[0] ?? [],
  }));
}

/** True if two held calls are the same write by the same application. */
export function isSameCall(left: JsonObject, right: JsonObject): boolean {
  return ['method', 'path', 'query', 'bodySha256', 'appId'].every(
    (name) => stringOf(left, name) === stringOf(right, name),
  );
}
