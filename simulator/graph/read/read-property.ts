import type { JsonObject } from '../../json/object.ts';
import { isObjectText, member, objectText, parseObject, textOf } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { noSegment } from '../problem.ts';
import type { Reading } from './reading.ts';
import { contextMembers, jsonAnswer } from './reading.ts';

/**
 * Answers a GET of a property's own path, `…/{id}/themeColorLogo`: an object as it is, any other value under `value`,
 * null without content.
 * @throws GraphProblem for a property missing in the object.
 */
export function readProperty(
  reading: Reading,
  body: JsonObject,
  path: string,
  names: readonly string[],
): GraphAnswer {
  const [name = '', ...inner] = names;
  const key = body.find((entry) => entry.key.toLowerCase() === name.toLowerCase())?.key ?? name;
  const text = textOf(body, key);
  if (text === undefined) throw noSegment(name);
  const isObject = isObjectText(text);
  if (inner.length > 0) {
    if (!isObject) throw noSegment(inner[0] ?? '');
    return readProperty(reading, parseObject(text), `${path}/${key}`, inner);
  }
  if (text === 'null') return { status: 204, headers: {}, body: null };
  const context = contextMembers(reading, `${path}/${key}`);
  return jsonAnswer(
    objectText([...context, ...(isObject ? parseObject(text) : [member('value', text)])]),
  );
}
