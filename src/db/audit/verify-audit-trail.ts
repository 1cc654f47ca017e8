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

/** Events that are read at once. */
const pageSize = 500;

/** What a verification has found of one tenant. */
export interface VerifiedTrail {
  /** How many events from the first on are as they were written. */
  readonly events: number;
  /** The hash of the last of them, which stands for all of them; null where there is none. */
  readonly head: string | null;
  /** Where the trail breaks and how, as a sentence; null if it does not. */
  readonly fault: string | null;
  /** Those of the expected hashes that the sound events have. */
  readonly seen: readonly string[];
}

interface Options {
  /** Hashes that are looked for among the sound events. */
  readonly expected: ReadonlySet<string>;
  /** Told of the number of events after each page. */
  readonly onPage: (seen: number) => void;
}

/**
 * Computes the hashes of a tenant's audit trail anew, from the first event to the head, and stops at the first thing
 * that is not as it was written. What is appended meanwhile is not looked at.
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
    // Rows that pages have passed over have no number, or that of another row.
    const more = count === end.seq ? null : `${count - end.seq} events more have no place in it`;
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
