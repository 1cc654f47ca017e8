import { inTenant } from '#db/database.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { createBackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { type ApiAnswer, type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { homeTenantId } from '#test/api/support/tokens.ts';
import { connectTo, type Kernel } from '#test/support/kernel.ts';

const managerOid = '00000000-0000-4000-8000-00000000c0de';
/** The principal of the requests. */
export const managerId = `${homeTenantId}:${managerOid}`;

/** A manager at the API, over the parts of a kernel. */
export interface Manager {
  readonly api: ApiUnderTest;
  /** Makes the manager a member of a tenant. */
  join(tenantId: string): Promise<void>;
  /** Sends a request about a tenant; `path` follows its id. */
  send(method: string, tenantId: string, path: string, body?: unknown): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** Starts an API over the rows, runs and schedules of the kernel. */
export async function startManager(kernel: Kernel): Promise<Manager> {
  const temporal = connectTo(kernel.temporal.address);
  const { db } = kernel.database.app;
  const api = await startApi({
    deps: { db, runs: kernel.runs, schedules: createBackupSchedules(temporal) },
  });
  const token = await api.mint.user(managerOid);
  return {
    api,
    join: async (tenantId) => {
      await inTenant(db, tenantId, (trx) =>
        upsertMember(trx, {
          ...{ principal_id: managerId, kind: 'user', display_name: null, role: 'manager' },
        }),
      );
    },
    send: (method, tenantId, path, body) =>
      api.request(`/api/v1/tenants/${tenantId}${path}`, {
        method,
        token,
        ...(body === undefined ? {} : { body }),
      }),
    stop: async () => {
      await temporal.client.connection.close();
      await api.stop();
    },
  };
}
