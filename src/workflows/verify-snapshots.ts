import { setCurrentDetails } from '@temporalio/workflow';
import { maintenance } from '#workflows/runtime/activity-options.ts';

/** One verification of all that is stored; a Temporal Schedule starts it. The log names what is damaged. */
export async function verifySnapshots(): Promise<void> {
  const { checked, damaged } = await maintenance().verifySnapshots();
  setCurrentDetails(`${checked} contents verified, ${damaged} damaged.`);
}
