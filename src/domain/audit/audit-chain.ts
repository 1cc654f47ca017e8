import { auditEventHash, type HashedAuditEvent } from './audit-event.ts';

/** Where a chain stands: the number of its last event and that event's hash. */
export interface ChainPosition {
  readonly seq: number;
  readonly hash: string | null;
}

/** Before the first event of a tenant. */
export const chainStart: ChainPosition = { seq: 0, hash: null };

/** An event with its place in the chain and the hash that it was given. */
export interface ChainLink {
  readonly seq: number;
  readonly hash: string;
  readonly event: HashedAuditEvent;
}

/**
 * Checks that an event is the next one of a chain and is what it was when it was written.
 * @returns what is wrong with it, as a sentence; null if nothing is.
 */
export function faultOfLink(before: ChainPosition, link: ChainLink): string | null {
  if (link.seq !== before.seq + 1) {
    const next = `event ${before.seq + 1} should come next`;
    return `an event is missing, was added or has another number: ${next}`;
  }
  if (link.event.previousHash !== before.hash) {
    return 'it does not follow the event before it: one of the two was replaced or moved';
  }
  return hashOrNull(link.event) === link.hash ? null : 'it is no longer what was written';
}

/** What somebody has put into a row need not have a hash. */
function hashOrNull(event: HashedAuditEvent): string | null {
  try {
    return auditEventHash(event);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Compares where a chain ends with where its tenant's head says that it does.
 * @returns what is wrong, as a sentence; null if nothing is.
 */
export function faultOfEnd(end: ChainPosition, head: ChainPosition): string | null {
  if (end.seq < head.seq) return `the events ${end.seq + 1} to ${head.seq} are missing`;
  if (end.seq > head.seq) return `the head says that event ${head.seq} is the last one`;
  return end.hash === head.hash ? null : 'the head names another hash: the events were rewritten';
}
