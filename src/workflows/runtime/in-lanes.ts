import { forEachConcurrent } from '#domain/concurrency/concurrent.ts';

/**
 * {@link forEachConcurrent} for workflows: a failed lane leaves the others going on. Histories of earlier versions have
 * the commands of those lanes, so to stop them here would need `patched()`.
 */
export function inLanes<Element>(
  lanes: number,
  elements: Iterable<Element>,
  work: (element: Element) => Promise<void>,
): Promise<void> {
  return forEachConcurrent(lanes, elements, work, 'goOn');
}
