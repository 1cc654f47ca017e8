import type { GraphReader } from '#graph/port/graph-reader.ts';
import { CaptureError } from './capture-error.ts';

/** Twice the largest answer: a policy is one item and its parts, and a worker captures several at a time. */
const snapshotBytesMax = 32 * 1024 * 1024;

export interface CountedReader {
  readonly reader: GraphReader;
  /** Number of answers so far. */
  requests(): number;
}

/**
 * Wraps a reader: counts its answers and reports the count after each one.
 * @throws CaptureError (from `get`) once a policy's answers exceed the largest snapshot.
 */
export function countedReader(
  inner: GraphReader,
  onProgress: ((requests: number) => void) | undefined,
): CountedReader {
  let requests = 0;
  let bytes = 0;
  const reader: GraphReader = {
    tenantId: inner.tenantId,
    get: async (pathOrNextLink, options) => {
      const answer = await inner.get(pathOrNextLink, options);
      requests += 1;
      bytes += answer.bytes.length;
      onProgress?.(requests);
      if (bytes > snapshotBytesMax) {
        throw new CaptureError('snapshot_too_large', { retryable: false, context: { bytes } });
      }
      return answer;
    },
  };
  return { reader, requests: () => requests };
}
