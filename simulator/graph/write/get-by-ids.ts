import { directoryObject } from '../../catalogue/directory.ts';
import { arrayText, objectText, stringOf, valueOf } from '../../json/object.ts';
import { isObjectText, parseObject } from '../../json/object.ts';
import type { GraphAnswer, GraphCall } from '../call.ts';
import { badRequest } from '../problem.ts';
import type { GraphService } from '../service.ts';

/** Graph's limit of ids in one call. */
const idsMax = 1000;

/** True for a request of directory objects by ids, a POST without a write. */
export function isGetByIds({ method, path }: GraphCall): boolean {
  return method === 'POST' && /^\/directoryObjects\/(microsoft\.graph\.)?getByIds$/i.test(path);
}

/**
 * Returns the users and groups with these ids; omits unknown ids.
 * @throws GraphProblem (400).
 */
export function getByIds({ store }: GraphService, call: GraphCall): GraphAnswer {
  const body = call.body !== null && isObjectText(call.body) ? parseObject(call.body) : [];
  const ids = valueOf(body, 'ids');
  const types = valueOf(body, 'types');
  if (!Array.isArray(ids) || ids.length > idsMax) {
    throw badRequest(`The ids must be an array of at most ${idsMax} object ids.`);
  }
  const wanted = Array.isArray(types) ? types.map((type) => `#microsoft.graph.${type}`) : null;
  const tenant = { store, tenantId: call.caller.tenantId };
  const found = [...new Set(ids.map(String))]
    .map((id) => directoryObject(tenant, id))
    .filter((object) => {
      const type = stringOf(object, '@odata.type') ?? '';
      return type !== '#microsoft.graph.directoryObject' && (wanted?.includes(type) ?? true);
    });
  const context = `${call.baseUrl}/${call.version}/$metadata#directoryObjects`;
  const text = `{"@odata.context":${JSON.stringify(context)},"value":${arrayText(found.map(objectText))}}`;
  return { status: 200, headers: {}, body: text };
}
