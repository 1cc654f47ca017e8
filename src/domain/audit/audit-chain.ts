import { auditEventHash, type HashedAuditEvent } from './audit-event.ts';

/** The end of a chain: the number and the hash of its last event. */
export interface ChainPosition {
  readonly seq: number;
  readonly hash: string | null;
}

/** The end of a tenant's chain before its first event. */
export const chainStart: ChainPosition = { seq: 0, hash: null };

/** An event with its place in the chain and its stored hash. */
export interface ChainLink {
  readonly seq: number;
  readonly hash: string;
  readonly event: HashedAuditEvent;
}

/**
 * Checks that an event is the next one of its chain and still equals the event as written.
 * @returns the fault as a sentence; null if there is no fault.
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

/** A row that a person has altered need not have a canonical form. */
function hashOrNull(event: HashedAuditEvent): string | null {
  try {
    return auditEventHash(event);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Compares the end of a chain with the head that the tenant's row claims.
 * @returns the fault as a sentence; null if there is no fault.
 */
export function faultOfEnd(end: ChainPosition, head: ChainPosition): string | null {
  if (end.seq < head.seq) return `the events ${end.seq + 1} to ${head.seq} are missing`;
  if (end.seq > head.seq) return `the head says that event ${head.seq} is the last one`;
  return end.hash === head.hash ? null : 'the head names another hash: the events were rewritten';
}
