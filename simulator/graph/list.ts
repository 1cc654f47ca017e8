import type { JsonObject } from '../json/object.ts';
import { member, objectText } from '../json/object.ts';
import type { GraphCall } from './call.ts';
import { compileFilter } from './filter/compile-filter.ts';
import { optionName } from './options.ts';
import type { QueryOptions } from './options.ts';
import { orderObjects } from './order.ts';
import { compileSearch } from './search.ts';
import { readSkipToken, skipToken } from './skip-token.ts';

/** The paging of a list and the form of its entries. */
export interface ListRequest {
  readonly call: GraphCall;
  readonly options: QueryOptions;
  /** Annotations before all other members. */
  readonly context: JsonObject;
  readonly pageSize: number;
  readonly topMax: number;
  readonly show: (body: JsonObject) => JsonObject;
  readonly shape: (body: JsonObject) => JsonObject;
}

/** Filters, searches and sorts objects; `show` returns an object as the caller sees it. */
export function selectObjects(
  objects: readonly JsonObject[],
  options: QueryOptions,
  show: (body: JsonObject) => JsonObject,
): readonly JsonObject[] {
  const tests = [
    ...(options.search === null ? [] : [compileSearch(options.search)]),
    ...(options.filter === null ? [] : [compileFilter(options.filter)]),
  ];
  const left =
    tests.length === 0
      ? objects
      : objects.filter((body) => tests.every((test) => test(show(body))));
  return options.orderBy === null ? left : orderObjects(left, options.orderBy, show);
}

/** Returns one page of a list, with a nextLink if there are more entries. */
export function listText(objects: readonly JsonObject[], request: ListRequest): string {
  const { options } = request;
  const selected = selectObjects(objects, options, request.show);
  const start = options.skipToken === null ? options.skip : readSkipToken(options.skipToken);
  const size = Math.min(options.top ?? request.pageSize, request.topMax);
  const page = selected.slice(start, start + size);
  const end = start + page.length;
  const value = page.map((body) => objectText(request.shape(body)));
  return objectText([
    ...request.context,
    ...(options.count ? [member('@odata.count', String(selected.length))] : []),
    ...(end < selected.length && size > 0
      ? [member('@odata.nextLink', JSON.stringify(nextLink(request.call, options, end)))]
      : []),
    member('value', `[${value.join(',')}]`),
  ]);
}

/** Returns the link to the page at `position`: the same query with an opaque token. */
function nextLink(call: GraphCall, options: QueryOptions, position: number): string {
  const kept = options.sent.filter(([name]) => !['skiptoken', 'skip'].includes(optionName(name)));
  const query = [...kept, ['$skiptoken', skipToken(position)] as const].map(
    ([name, value]) => `${encodeOption(name)}=${encodeURIComponent(value)}`,
  );
  return `${call.baseUrl}/${call.version}${call.path}?${query.join('&')}`;
}

function encodeOption(name: string): string {
  return encodeURIComponent(name).replace('%24', '$');
}
