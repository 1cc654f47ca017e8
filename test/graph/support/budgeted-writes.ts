import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '#graph/port/graph-error.ts';
import type { AdmitOptions, GraphWriter, GraphWriteRequest } from '#graph/port/graph-writer.ts';

/** A write the simulator accepts any number of times. */
export const create: GraphWriteRequest = {
  method: 'POST',
  path: '/deviceManagement/deviceConfigurations',
  body: JSON.stringify({
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    displayName: 'Made',
    omaSettings: [],
  }),
};

/** Sends a write like an activity: admits it first, and retries after the delay in a throttled error. */
export async function writeOnce(
  writer: GraphWriter,
  write: GraphWriteRequest,
  options: AdmitOptions = {},
): Promise<void> {
  for (;;) {
    try {
      await writer.admit(write.path, options);
      await writer.send(write);
      return;
    } catch (error) {
      if (!(error instanceof GraphError) || error.kind !== 'throttled') throw error;
      await sleep((error.retryAfterSeconds ?? 1) * 1000 * (1 + Math.random() * 0.1));
    }
  }
}

/** Sends the write `count` times, ten at a time. */
export async function writeAll(
  writer: GraphWriter,
  write: GraphWriteRequest,
  count: number,
): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await writeOnce(writer, write);
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
}
