import type { Embedding } from '../../catalogue/collection-type.ts';
import { cancelMyRequest } from '../approval/decide.ts';
import { requireApproval } from '../approval/require-approval.ts';
import type { GraphAnswer, GraphCall } from '../call.ts';
import { GraphProblem, noSegment } from '../problem.ts';
import type { GraphService } from '../service.ts';
import { findTarget } from '../target.ts';
import { actions } from './actions.ts';
import { createChild, deleteChild, deleteChildren, updateChild } from './child.ts';
import { createObject } from './create.ts';
import { createEmbedded, writeEmbedded } from './embedded.ts';
import { getByIds, isGetByIds } from './get-by-ids.ts';
import { writeReference } from './reference.ts';
import { deleteObject, updateObject } from './update.ts';
import type { Writing } from './writing.ts';

/**
 * Carries out a POST, PATCH, PUT or DELETE.
 * @throws GraphProblem without any change.
 */
export function answerWrite(service: GraphService, call: GraphCall): GraphAnswer {
  if (isGetByIds(call)) return getByIds(service, call);
  const writing: Writing = { service, call, target: findTarget(service.store, call) };
  const done = requireApproval(service, call);
  const answer = carryOut(writing);
  done();
  return answer;
}

function carryOut(writing: Writing): GraphAnswer {
  const { call } = writing;
  const [id, child, key, ...behind] = writing.target.rest;
  const { embedded } = writing.target.type;
  if (embedded !== null && child === undefined) return writeInHolder(writing, embedded, id);
  if (id === 'cancelMyRequest' && call.method === 'POST') return cancelMyRequest(writing);
  if (id === undefined) {
    if (call.method === 'POST') return createObject(writing);
  } else if (child === undefined) {
    if (call.method === 'DELETE') return deleteObject(writing, id);
    if (call.method !== 'POST') return updateObject(writing, id);
  } else if (behind.length === 0) {
    return writeBelow(writing, id, child, key);
  } else if (behind.length === 1 && behind[0] === '$ref' && key !== undefined) {
    return writeReference(writing, id, child, key);
  }
  throw notAllowed(call);
}

function writeInHolder(
  writing: Writing,
  embedding: Embedding,
  id: string | undefined,
): GraphAnswer {
  const { method } = writing.call;
  if (id === undefined && method === 'POST') return createEmbedded(writing, embedding);
  if (id !== undefined && (method === 'PATCH' || method === 'DELETE')) {
    return writeEmbedded(writing, embedding, id);
  }
  throw notAllowed(writing.call);
}

function writeBelow(
  writing: Writing,
  id: string,
  child: string,
  key: string | undefined,
): GraphAnswer {
  const { method } = writing.call;
  if (key === undefined) {
    if (method === 'DELETE') return deleteChildren(writing, id, child);
    if (method !== 'POST') throw noSegment(child);
    const action = actionOf(writing, child);
    return action === undefined ? createChild(writing, id, child) : action(writing, id);
  }
  if (key === '$ref' && method !== 'PATCH') return writeReference(writing, id, child, null);
  if (method === 'DELETE') return deleteChild(writing, id, child, key);
  if (method === 'PATCH') return updateChild(writing, id, child, key);
  throw notAllowed(writing.call);
}

function actionOf({ target: { type } }: Writing, name: string) {
  const names = [...type.actions, ...(type.assign === null ? [] : ['assign'])];
  const known = names.find((each) => each.toLowerCase() === name.toLowerCase());
  return known === undefined ? undefined : actions.get(known);
}

function notAllowed(call: GraphCall): GraphProblem {
  return new GraphProblem(
    405,
    'Request_BadRequest',
    `Specified HTTP method ${call.method} is not allowed for the request target.`,
  );
}
