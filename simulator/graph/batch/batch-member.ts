import type { JsonObject } from '../../json/object.ts';
import {
  elementsOf,
  isArrayText,
  isObjectText,
  objectsOf,
  parseObject,
  stringOf,
  textOf,
  valueOf,
} from '../../json/object.ts';
import { badRequest } from '../problem.ts';

/** One request of a `$batch`. */
export interface BatchMember {
  readonly id: string;
  readonly method: string;
  /** The path below the version root, and its query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly dependsOn: readonly string[];
}

/** Graph's limit of requests in a batch. */
const membersMax = 20;

/**
 * Parses the members of a batch.
 * @throws GraphProblem (400) if it is malformed.
 */
export function readBatch(text: string): BatchMember[] {
  if (!isObjectText(text)) throw badRequest('Invalid batch payload format.');
  const envelope = parseObject(text);
  const requests = textOf(envelope, 'requests');
  if (requests === undefined || !isArrayText(requests)) {
    throw badRequest('Invalid batch payload format.');
  }
  const elements = elementsOf(envelope, 'requests');
  if (elements.length === 0) throw badRequest('The batch request contains no requests.');
  if (elements.length > membersMax) {
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${membersMax}.`);
  }
  const members = objectsOf(envelope, 'requests').map(readMember);
  if (members.length < elements.length) throw badRequest('Invalid batch payload format.');
  checkIds(members);
  return members;
}

function readMember(request: JsonObject): BatchMember {
  const id = valueOf(request, 'id');
  const method = stringOf(request, 'method');
  const url = stringOf(request, 'url');
  if ((typeof id !== 'string' && typeof id !== 'number') || String(id) === '') {
    throw badRequest('Request Id is missing or empty in the batch payload.');
  }
  if (method === undefined || url === undefined || url === '' || /^https?:/i.test(url)) {
    throw badRequest(`Invalid batch payload format: the method or url of request ${id} is wrong.`);
  }
  const headers = readHeaders(request);
  const body = textOf(request, 'body') ?? null;
  if (body !== null && headers['content-type'] === undefined) {
    throw badRequest(`Write request id : ${id} does not contain Content-Type header or body.`);
  }
  const [path = '', ...query] = url.split('?');
  return {
    id: String(id),
    method: method.toUpperCase(),
    path: path.startsWith('/') ? path : `/${path}`,
    query: query.join('?'),
    headers,
    body,
    dependsOn: elementsOf(request, 'dependsOn').map((each) => String(JSON.parse(each))),
  };
}

function readHeaders(request: JsonObject): Record<string, string> {
  const text = textOf(request, 'headers');
  if (text === undefined || !isObjectText(text)) return {};
  return Object.fromEntries(
    parseObject(text).map((entry) => [entry.key.toLowerCase(), String(JSON.parse(entry.text))]),
  );
}

/** Checks for unique ids and for dependencies on members only, without a cycle. */
function checkIds(members: readonly BatchMember[]): void {
  const ids = new Set(members.map(({ id }) => id));
  if (ids.size < members.length) {
    throw badRequest('Request Ids must be unique in the batch payload.');
  }
  const settled = new Set<string>();
  let left = members;
  while (left.length > 0) {
    const ready = left.filter(({ dependsOn }) => dependsOn.every((each) => settled.has(each)));
    if (ready.length === 0) {
      throw badRequest('The dependsOn of a request names an unknown request or forms a circle.');
    }
    for (const { id } of ready) settled.add(id);
    left = left.filter(({ id }) => !settled.has(id));
  }
}
