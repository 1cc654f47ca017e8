import type { RequestIds } from './problem.ts';

/** The answering machine, as Microsoft's support asks for it. */
const diagnostic = JSON.stringify({
  ServerInfo: {
    DataCenter: 'West Europe',
    Slice: 'E',
    Ring: '5',
    ScaleUnit: '000',
    RoleInstance: 'SIMULATOR00000001',
  },
});

/** The headers in every answer of Graph. */
export function serviceHeaders(ids: RequestIds): Record<string, string> {
  return {
    'cache-control': 'no-cache',
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    'x-ms-ags-diagnostic': diagnostic,
    'odata-version': '4.0',
  };
}
