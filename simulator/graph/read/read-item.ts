import { member, objectText } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { shapeObject } from '../shape.ts';
import type { Reading } from './reading.ts';
import {
  itemAddress,
  jsonAnswer,
  metadataUrl,
  presentedObject,
  shapeOf,
  viewOf,
} from './reading.ts';

/** Answers a GET of one object. Throws GraphProblem. */
export function readItem(reading: Reading, id: string): GraphAnswer {
  const { path } = reading.target.type;
  const body = presentedObject(reading, id);
  const view = viewOf(reading, itemAddress(reading, id), path);
  const context = metadataUrl(reading, `${path}/$entity`);
  return jsonAnswer(
    objectText([
      ...(reading.metadata === 'none' ? [] : [member('@odata.context', JSON.stringify(context))]),
      ...shapeObject(body, shapeOf(reading, []), view),
    ]),
  );
}
