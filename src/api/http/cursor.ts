import { createHash } from 'node:crypto';
import { guidPattern } from '#domain/identity/principal.ts';
import { invalidRequest } from './problem.ts';

/** Detects a cursor that was cut, changed or taken from another list. It protects no secret. */
const checkBytes = 6;
const cursorPattern = /^[\w-]{1,100}$/;

function checkOf(list: string, rowId: string): Buffer {
  return createHash('sha256').update(`${list}\n${rowId}`).digest().subarray(0, checkBytes);
}

/** The cursor after a row of a list. The path of the list is part of it, so it does not fit another list. */
export function encodeCursor(list: string, rowId: string): string {
  return Buffer.concat([checkOf(list, rowId), Buffer.from(rowId, 'utf8')]).toString('base64url');
}

/**
 * The row id in a cursor.
 * @param rowIds the anchored pattern of the list's ids.
 * @throws Problem `invalid_request` naming `cursor` if it is not a cursor of this list.
 */
export function decodeCursor(list: string, cursor: string, rowIds: RegExp = guidPattern): string {
  const bytes = Buffer.from(cursorPattern.test(cursor) ? cursor : '', 'base64url');
  const rowId = bytes.subarray(checkBytes).toString('utf8');
  if (!rowIds.test(rowId) || encodeCursor(list, rowId) !== cursor) {
    throw invalidRequest([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return rowId;
}
