import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUpByIntuneCd } from '#test/peers/support/intunecd.ts';
import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { benchThrottle } from './graph-floor.ts';
import { type GraphRequests, withGraphRequests } from './graph-requests.ts';
import type { BackupItem } from './measured-backup.ts';
import { type Missing, missingOfIntuneCd } from './missing-parts.ts';
import { withResidentPeak } from './resident-peak.ts';
import type { SimulatorObject } from './seeded-tenant.ts';

/** IntuneCD's default, and the setting that its documentation calls fast. */
const workers = 10;

/** A backup by IntuneCD of the same tenant under the same limits. */
export interface PeerBackup {
  readonly seconds: number;
  readonly peakMiB: number | null;
  readonly requests: GraphRequests;
  readonly missing: Missing;
}

/** Backs up a tenant with IntuneCD; `items` and `objects` are the expected content. */
export async function measurePeerBackup(
  bench: BenchStack,
  tenant: BenchTenant,
  packages: string,
  expected: { items: readonly BackupItem[]; objects: readonly SimulatorObject[] },
): Promise<PeerBackup> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-bench-peer-'));
  let pid: number | undefined;
  try {
    await bench.control('PUT', '/throttle', benchThrottle);
    const { result, requests } = await withGraphRequests(bench, tenant, () =>
      withResidentPeak(
        () => pid,
        () =>
          backUpByIntuneCd({
            ...{ packages, folder, workers, client: bench.client, tenantId: tenant.tenantId },
            address: bench.stack.simulatorUrl,
            onStart: (started) => void (pid = started),
          }),
      ),
    );
    await bench.control('PUT', '/throttle', {});
    const { seconds, exitCode, complaints } = result.result;
    if (exitCode !== 0) throw new Error(`IntuneCD ended with ${exitCode}: ${complaints.at(-1)}`);
    const missing = await missingOfIntuneCd(folder, expected.items, expected.objects);
    return { seconds, peakMiB: result.peakMiB, requests, missing };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
