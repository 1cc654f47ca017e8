import type { GraphAnswer, GraphCall } from '../call.ts';
import { metadataLevel } from '../metadata.ts';
import { readOptions } from '../options.ts';
import type { GraphService } from '../service.ts';
import { findTarget } from '../target.ts';
import { readChild } from './read-child.ts';
import { readCollection } from './read-collection.ts';
import { readItem } from './read-item.ts';
import type { Reading } from './reading.ts';

/** Answers a GET. Throws GraphProblem. */
export function answerRead(service: GraphService, call: GraphCall): GraphAnswer {
  const target = findTarget(service.store, call);
  const reading: Reading = {
    service,
    call,
    target,
    options: readOptions(call.query),
    metadata: metadataLevel(call.headers['accept']),
  };
  const [id, ...behind] = target.rest;
  if (id === undefined || id === '$count') return readCollection(reading);
  if (behind.length === 0) return readItem(reading, id);
  return readChild(reading, id, behind);
}
