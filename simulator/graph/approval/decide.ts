import { heldCall, requestStatus } from '../../catalogue/approvals.ts';
import { mergeObjects, objectOf, objectsOf, stringOf } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { intuneProblem } from '../problem.ts';
import { notFound } from '../read/reading.ts';
import type { Writing } from '../write/writing.ts';
import { bodyObject, save, storedObject } from '../write/writing.ts';

/** Creates the action to approve or reject a request; its requestor may do neither. */
export function decideAs(status: 'approved' | 'rejected') {
  return (writing: Writing, id: string): GraphAnswer => {
    if (isOwn(writing, id)) {
      throw intuneProblem(403, 'Forbidden', 'A requestor cannot decide on the own request');
    }
    const answer = stringOf(bodyObject(writing), 'justification') ?? '';
    const approver = { application: { id: writing.call.caller.appId } };
    return close(writing, id, { status, approver, approvalJustification: answer });
  };
}

/**
 * Cancels the caller's own request, named in the body.
 * @throws GraphProblem (403, 404, 409).
 */
export function cancelMyRequest(writing: Writing): GraphAnswer {
  const id = stringOf(bodyObject(writing), 'id');
  if (id === undefined) throw notFound(writing.target.type, 'id');
  if (!isOwn(writing, id)) {
    throw intuneProblem(403, 'Forbidden', 'Only the requestor can cancel a request');
  }
  return close(writing, id, { status: 'cancelled' });
}

function isOwn(writing: Writing, id: string): boolean {
  const [held = []] = objectsOf(storedObject(writing, id), heldCall);
  return stringOf(held, 'appId') === writing.call.caller.appId;
}

function close(writing: Writing, id: string, values: Record<string, unknown>): GraphAnswer {
  const stored = storedObject(writing, id);
  if (requestStatus(stored) !== 'needsApproval') {
    throw intuneProblem(409, 'Conflict', 'The request has been decided on already');
  }
  save(writing, id, mergeObjects(stored, objectOf(values)));
  return { status: 204, headers: {}, body: null };
}
