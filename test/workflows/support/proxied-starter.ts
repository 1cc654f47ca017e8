import { Client, Connection } from '@temporalio/client';
import { createRunStarter, type RunStarter } from '../../../src/temporal/run-starter.ts';
import { type Kernel, silentLog } from '../../support/kernel.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** An API process' starter whose wire to Temporal the test holds in its hand. */
export interface ProxiedStarter {
  readonly runs: RunStarter;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

/** Starts one and connects it, so that what is held or cut later is a call and not the connection. */
export async function startProxiedStarter(kernel: Kernel): Promise<ProxiedStarter> {
  const proxy = await startTcpProxy(kernel.temporal.address);
  const connection = await Connection.connect({ address: proxy.address });
  const temporal = { client: new Client({ connection }), runIdAttributeName: 'RunId' };
  return {
    runs: createRunStarter({ db: kernel.database.app.db, temporal, log: silentLog }),
    proxy,
    close: async () => {
      await connection.close();
      await proxy.close();
    },
  };
}
