import { together } from '#domain/run/together.ts';

/** Runs a lane of work that many times at once; see {@link together}. */
export async function inLanes(count: number, lane: () => Promise<void>): Promise<void> {
  await together(Array.from({ length: count }, lane));
}
