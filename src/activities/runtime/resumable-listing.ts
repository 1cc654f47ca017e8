import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import { GraphError } from '#graph/port/graph-error.ts';
import { heartbeating } from './heartbeating.ts';

/** The resume cursor of a listing. Older code may have sent the heartbeat, so the schema validates it. */
const cursorSchema = z.object({ nextLink: z.string(), listedSince: z.iso.datetime() });

export type ListingCursor = z.infer<typeof cursorSchema>;

/**
 * Continues at the cursor of a dead attempt if Graph still accepts it, else starts from the beginning.
 * @param list gets the cursor and a function to save the cursor of the next attempt.
 */
export async function resumableListing(
  list: (cursor: ListingCursor | undefined, save: (cursor: ListingCursor) => void) => Promise<void>,
): Promise<void> {
  await heartbeating(async (save) => {
    const resumed = cursorSchema.safeParse(activityInfo().heartbeatDetails).data;
    if (resumed !== undefined) {
      try {
        return await list(resumed, save);
      } catch (error) {
        // Page links expire; then the listing starts again.
        if (!(error instanceof GraphError && error.kind === 'bad_request')) throw error;
      }
    }
    return list(undefined, save);
  });
}
