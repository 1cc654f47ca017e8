import { createRunStarter, type RunStarter } from '#temporal/run/run-starter.ts';
import { connectTo, type Kernel, silentLog } from '#test/support/kernel.ts';
import { startTcpProxy, type TcpProxy } from '#test/support/tcp-proxy.ts';

/** A starter of runs with a wire to Temporal that the test controls. */
export interface ProxiedStarter {
  readonly runs: RunStarter;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/** Makes and connects one, so that later faults hit a call and not the connection. */
export async function startProxiedStarter(kernel: Kernel): Promise<ProxiedStarter> {
  const proxy = await startTcpProxy(kernel.temporal.address);
  const temporal = connectTo(proxy.address);
  const { workflowService, connection } = temporal.client;
  await workflowService.getSystemInfo({});
  return {
    runs: createRunStarter({ db: kernel.database.app.db, temporal, log: silentLog }),
    proxy,
    close: async () => {
      await connection.close();
      await proxy.close();
    },
  };
}
