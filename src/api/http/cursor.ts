import { createHash } from 'node:crypto';
import { guidPattern } from '#domain/identity/principal.ts';
import { invalidRequest } from './problem.ts';

/** Tells a cursor of this list from one that was cut, changed or taken from another list. It guards no secret. */
const checkBytes = 6;
const cursorPattern = /^[\w-]{1,100}$/;

function checkOf(list: string, rowId: string): Buffer {
  return createHash('sha256').update(`${list}\n${rowId}`).digest().subarray(0, checkBytes);
}

/** The cursor after a row of a list. The list is named by its path, so that cursors do not fit other lists. */
export function encodeCursor(list: string, rowId: string): string {
  return Buffer.concat([checkOf(list, rowId), Buffer.from(rowId, 'utf8')]).toString('base64url');
}

/**
 * The id of the row that a cursor stands after.
 * @param rowIds what the ids of the list look like, anchored.
 * @throws Problem `invalid_request` naming `cursor` when it is not one of this list's.
 */
export function decodeCursor(list: string, cursor: string, rowIds: RegExp = guidPattern): string {
  const bytes = Buffer.from(cursorPattern.test(cursor) ? cursor : '', 'base64url');
  const rowId = bytes.subarray(checkBytes).toString('utf8');
  if (!rowIds.test(rowId) || encodeCursor(list, rowId) !== cursor) {
    throw invalidRequest([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return rowId;
}
