import { setCurrentDetails } from '@temporalio/workflow';
import { maintenance } from '#workflows/runtime/activity-options.ts';

/** Verifies all stored contents, on a Temporal Schedule. The log names the damaged ones. */
export async function verifySnapshots(): Promise<void> {
  const { checked, damaged } = await maintenance().verifySnapshots();
  setCurrentDetails(`${checked} contents verified, ${damaged} damaged.`);
}
