import { sql } from 'kysely';

/** When a schedule of either kind fires, and what it is called. */
export interface ScheduleTimes {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly jitterSeconds: number;
  readonly catchUpSeconds: number;
  readonly paused: boolean;
}

/** The columns of that. */
export const columnsOfTimes = (times: ScheduleTimes) => ({
  name: times.name,
  cron: times.cron,
  time_zone: times.timeZone,
  jitter_seconds: times.jitterSeconds,
  catch_up_seconds: times.catchUpSeconds,
  paused: times.paused,
});

/** A revision that no row has had. */
export const newRevision = () => sql<string>`gen_random_uuid()`;
