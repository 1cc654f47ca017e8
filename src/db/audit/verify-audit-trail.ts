import type { Kysely } from 'kysely';
import { inTenant, type TenantTrx } from '#db/database.ts';
import type { AuditEventRow, Database } from '#db/tables.ts';
import {
  type ChainPosition,
  chainStart,
  faultOfEnd,
  faultOfLink,
} from '#domain/audit/audit-chain.ts';
import { holdSnapshot, listAuditChain, readAuditHead } from './audit-chain.ts';
import { auditEventOf } from './audit-event-of.ts';

/** Events in one query. */
const pageSize = 500;

/** The result of a verification of one tenant. */
export interface VerifiedTrail {
  /** The number of intact events from the first on. */
  readonly events: number;
  /** The hash of the last intact event, which covers all before it; null if there is none. */
  readonly head: string | null;
  /** A sentence with the place and kind of the first fault; null if the trail is intact. */
  readonly fault: string | null;
  /** The expected hashes found among the intact events. */
  readonly seen: readonly string[];
}

interface Options {
  /** Hashes to look for among the intact events. */
  readonly expected: ReadonlySet<string>;
  /** Receives the number of verified events after each page. */
  readonly onPage: (seen: number) => void;
}

/**
 * Recomputes the hashes of a tenant's audit trail from the first event to the head, and stops at the first fault.
 * Events appended meanwhile are not read.
 */
export function verifyAuditTrail(
  db: Kysely<Database>,
  tenantId: string,
  options: Options,
): Promise<VerifiedTrail> {
  return inTenant(db, tenantId, async (trx) => {
    await holdSnapshot(trx);
    const seen: string[] = [];
    const onSound = (hash: string) => {
      if (options.expected.has(hash)) seen.push(hash);
    };
    const { end, fault } = await walk(trx, { onSound, onPage: options.onPage });
    const found = { events: end.seq, head: end.hash, seen };
    if (fault !== null) return { ...found, fault };
    const { count, ...head } = await readAuditHead(trx);
    // The pages skip rows without a number, or with the number of another row.
    const more =
      count === end.seq ? null : `events without a place in the chain: ${count - end.seq}`;
    return { ...found, fault: faultOfEnd(end, head) ?? more };
  });
}

async function walk(
  trx: TenantTrx,
  on: { readonly onSound: (hash: string) => void; readonly onPage: (seen: number) => void },
): Promise<{ end: ChainPosition; fault: string | null }> {
  let end = chainStart;
  let after: AuditEventRow | null = null;
  for (;;) {
    const page: AuditEventRow[] = await listAuditChain(trx, { after, limit: pageSize });
    for (const row of page) {
      const hash = row.hash.toString('hex');
      const fault = faultOfLink(end, { seq: row.seq, hash, event: auditEventOf(row) });
      if (fault !== null) return { end, fault: `event ${row.seq} (${row.id}): ${fault}` };
      end = { seq: row.seq, hash };
      on.onSound(hash);
    }
    on.onPage(end.seq);
    after = page.at(-1) ?? null;
    if (page.length < pageSize) return { end, fault: null };
  }
}
