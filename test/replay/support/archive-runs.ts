import { sql } from 'kysely';
import type { RunRow } from '#db/tables.ts';
import type { Kernel } from '#test/support/kernel.ts';
import { tenantryZip } from '#test/support/tenantry-zip.ts';
import { backUp, exportSet, importZip } from '#test/workflows/support/archives.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';

type ArchiveRun = (kernel: Kernel) => Promise<RunRow>;

async function exportOfCustomer(kernel: Kernel, damaged: boolean): Promise<RunRow> {
  const tenantId = await addCustomer(kernel);
  await addCatalogPolicy(kernel, tenantId);
  const backupSetId = await backUp(kernel, tenantId);
  if (damaged) {
    await sql`update snapshot_contents set ciphertext = 'x' where tenant_id = ${tenantId}`.execute(
      kernel.database.owner.db,
    );
  }
  return (await exportSet(kernel, tenantId, backupSetId, 'tenantry')).run;
}

/** Exports, one for each way to end. */
export const exportRuns: Readonly<Record<string, ArchiveRun>> = {
  happy: (kernel) => exportOfCustomer(kernel, false),
  damaged: (kernel) => exportOfCustomer(kernel, true),
};

/** Imports, one for each way to end. */
export const importRuns: Readonly<Record<string, ArchiveRun>> = {
  happy: async (kernel) => importZip(kernel, await addCustomer(kernel), tenantryZip()),
  rejected: async (kernel) =>
    importZip(kernel, await addCustomer(kernel), tenantryZip({ policy: { crc: 1 } })),
};
