import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesById } from '#test/peers/support/intunecd.ts';
import { sharedTypes } from '#test/peers/support/shared-types.ts';
import type { BenchTenant } from './bench-stack.ts';
import { forEachParallel } from './for-each-parallel.ts';
import type { BackupItem } from './measured-backup.ts';
import { lengthOf, type SimulatorObject } from './seeded-tenant.ts';

/** The number of policies in a complete backup, and the number of missing or incomplete ones. */
export interface Missing {
  readonly expected: number;
  readonly missing: number;
}

type Body = SimulatorObject['body'];

interface Content {
  readonly item: Body;
  readonly children: Body;
  readonly assignments: readonly unknown[] | null;
}

const parallelReads = 8;

/** Compares our backup with the simulator's objects: each policy must be there with all settings and assignments. */
export async function missingOfOurs(
  { api, tenantId }: BenchTenant,
  items: readonly BackupItem[],
  policies: readonly SimulatorObject[],
): Promise<Missing> {
  const snapshotIds = new Map(items.map(({ graphId, snapshotId }) => [graphId, snapshotId]));
  const whole = await forEachParallel(policies, parallelReads, async ({ id, body }) => {
    const snapshotId = snapshotIds.get(id);
    if (snapshotId === undefined) return false;
    const path = `/tenants/${tenantId}/snapshots/${snapshotId}`;
    const { content } = await api.call<{ content: Content }>('GET', path);
    const { item, children, assignments } = content;
    return holds(body, {
      ...item,
      ...children,
      assignments: assignments ?? item['assignments'] ?? [],
    });
  });
  return countMissing(whole);
}

/** Compares IntuneCD's folder with the simulator's objects, for the types that IntuneCD backs up. */
export async function missingOfIntuneCd(
  folder: string,
  items: readonly BackupItem[],
  objects: readonly SimulatorObject[],
): Promise<Missing> {
  const files = await filesById(folder);
  const bodies = new Map(objects.map(({ id, body }) => [id, body]));
  const shared = items.filter(({ policyType }) => sharedTypes.includes(policyType));
  const whole = await forEachParallel(shared, parallelReads, async ({ graphId }) => {
    const file = files.get(graphId);
    if (file === undefined) return false;
    const saved = JSON.parse(await readFile(join(folder, file), 'utf8')) as Body;
    return holds(bodies.get(graphId) ?? {}, {
      ...saved,
      settings: saved['settings'] ?? saved['settingsDelta'],
    });
  });
  return countMissing(whole);
}

/** Whether the saved policy has as many settings and assignments as the simulator's. */
function holds(there: Body, saved: Body): boolean {
  return ['settings', 'assignments'].every(
    (name) => lengthOf(saved, name) >= lengthOf(there, name),
  );
}

function countMissing(whole: readonly boolean[]): Missing {
  return { expected: whole.length, missing: whole.filter((each) => !each).length };
}
