import { createRunStarter, type RunStarter } from '#temporal/run/run-starter.ts';
import { connectTo, type Kernel, silentLog } from '#test/support/kernel.ts';
import { startTcpProxy, type TcpProxy } from '#test/support/tcp-proxy.ts';

/** An API process' starter whose wire to Temporal the test holds in its hand. */
export interface ProxiedStarter {
  readonly runs: RunStarter;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/** Starts one and connects it, so that what is held or cut later is a call and not the connection. */
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
