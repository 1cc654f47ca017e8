import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** The budget keeps to a limit that a 429 has shown for this time; then the tenant's other tools may be quiet again. */
const learnedSeconds = 15 * 60;
/** Graph accepted this share of the requests counted at its refusal: at most a tenth was in flight. */
const learnedShare = 0.9;
/** A single 429 in a quiet window, a hiccup of the service, must not slow a tenant to a standstill. */
const learnedLimitShareMin = 0.1;
const learnedLimitMin = 4;

export interface GraphThrottling {
  readonly service: string;
  /** The count of the window when the budget granted the refused request. */
  readonly used: number;
  /** Requests in a window, as configured. */
  readonly limit: number;
  readonly blockedSeconds: number;
}

/** Records a 429 in the budget of the refused request: all workers back off, and keep to the limit it shows for some time. */
export async function noteGraphThrottled(
  trx: TenantTrx,
  { service, used, limit, blockedSeconds }: GraphThrottling,
): Promise<void> {
  const level = Math.floor(used * learnedShare);
  const learned = Math.max(level, learnedLimitMin, Math.floor(limit * learnedLimitShareMin));
  // The first of several requests refused together shows the limit best.
  await sql`
    update graph_budgets set
      blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => ${blockedSeconds})),
      learned_limit = case when learned_until > clock_timestamp()
        then least(learned_limit, ${learned}::integer) else ${learned} end,
      learned_until = clock_timestamp() + make_interval(secs => ${learnedSeconds}),
      proven = case when learned_until > clock_timestamp()
        then least(proven, ${level}::integer) else ${level} end
    where tenant_id = ${trx.tenantId} and service = ${service}`.execute(trx);
}
