import type { Middleware } from '@microsoft/microsoft-graph-client';
import { createGraph } from '#graph/client.ts';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import type { Graph } from '#graph/port/graph-reader.ts';
import type { TrustedBase } from '#graph/port/trusted-url.ts';
import { sendWrite } from '#graph/wire/send-write.ts';
import { createTenantClients } from '#graph/wire/tenant-clients.ts';

const limits = { requestTimeoutMs: 10_000, responseBytesMax: 1024 * 1024 };

/** A reader with a bug: before a matching read it sends a PATCH, through the SDK's chain with this guard. */
export function writingReader(
  config: GraphConfig,
  mistake: {
    readonly at: RegExp;
    readonly policyPath: () => string;
    readonly guard: (base: TrustedBase) => Middleware;
  },
): Graph {
  const reads = createGraph(config);
  const clients = createTenantClients(config, mistake.guard);
  return {
    readerFor: (tenantId, options) => {
      const reader = reads.readerFor(tenantId, options);
      return {
        tenantId,
        get: async (path, read) => {
          if (mistake.at.test(path)) {
            const url = `${config.baseUrl}/beta${mistake.policyPath()}`;
            const body = '{"description":"written by a preview"}';
            const write = { method: 'PATCH', path: mistake.policyPath(), body } as const;
            await sendWrite(clients.clientFor(tenantId), url, write, limits);
          }
          return reader.get(path, read);
        },
      };
    },
  };
}
