import type { Middleware } from '@microsoft/microsoft-graph-client';
import { createGraph } from '../../../src/graph/client.ts';
import type { GraphConfig } from '../../../src/graph/graph-config.ts';
import type { Graph } from '../../../src/graph/graph-reader.ts';
import { sendWrite } from '../../../src/graph/send-write.ts';
import { createTenantClients } from '../../../src/graph/tenant-clients.ts';
import type { TrustedBase } from '../../../src/graph/trusted-url.ts';

const limits = { requestTimeoutMs: 10_000, responseBytesMax: 1024 * 1024 };

/**
 * A port to Graph with a mistake in it: before it gets what matches, it changes a policy by a PATCH of its own, through
 * the SDK's chain with this guard under it.
 */
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
