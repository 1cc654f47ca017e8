import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import { GraphError } from '#graph/port/graph-error.ts';
import { heartbeating } from './heartbeating.ts';

/** Where a listing stands. It is read back from heartbeats that older code may have sent, so it is validated. */
const cursorSchema = z.object({ nextLink: z.string(), listedSince: z.iso.datetime() });

export type ListingCursor = z.infer<typeof cursorSchema>;

/**
 * Lists from the cursor of an attempt that died, if there is one that Graph still honours, else from the beginning.
 * @param list gets the cursor, and a function that stores the one which the next attempt begins with.
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
        // Links to pages expire; then the listing starts again.
        if (!(error instanceof GraphError && error.kind === 'bad_request')) throw error;
      }
    }
    return list(undefined, save);
  });
}
