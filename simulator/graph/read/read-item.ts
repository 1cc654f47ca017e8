import { objectText } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { shapeObject } from '../shape.ts';
import type { Reading } from './reading.ts';
import {
  checkExpand,
  contextMembers,
  itemPath,
  jsonAnswer,
  presentedObject,
  shapeOf,
  viewOf,
} from './reading.ts';

/**
 * Answers a GET of one object.
 * @throws GraphProblem.
 */
export function readItem(reading: Reading, id: string): GraphAnswer {
  checkExpand(reading);
  const body = presentedObject(reading, id);
  const shaped = shapeObject(body, shapeOf(reading, []), viewOf(reading, itemPath(reading, id)));
  const context = contextMembers(reading, `${reading.target.type.path}/$entity`);
  return jsonAnswer(objectText([...context, ...shaped]));
}
