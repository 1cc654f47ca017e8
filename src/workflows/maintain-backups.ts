import { setCurrentDetails } from '@temporalio/workflow';
import { maintenance } from '#workflows/runtime/activity-options.ts';

/** One round of maintenance over all tenants, on a Temporal Schedule. */
export async function maintainBackups(): Promise<void> {
  const { seen, mended } = await maintenance().alignSchedules();
  const { setsDeleted } = await maintenance().applyRetention();
  setCurrentDetails(
    `${seen} schedules compared, ${mended} mended; ${setsDeleted} expired backup sets deleted.`,
  );
}
