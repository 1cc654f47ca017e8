import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { isScheduleOf } from '#db/schedule/schedule-kinds.ts';
import type { ScheduleRow } from '#db/tables.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import type { ScheduleTrigger } from '#domain/schedule/schedule-trigger.ts';
import { tenantIdAttribute } from '#temporal/search-attributes.ts';
import { removeSchedule } from './ensure-schedule.ts';

/** Temporal did not answer in time: whether it has done what was asked is unknown. */
export class SchedulesUnavailableError extends Error {
  override readonly name = 'SchedulesUnavailableError';
}

/** Temporal does not take the times of a schedule: it knows another list of time zones than we do. */
export class ScheduleRefusedError extends Error {
  override readonly name = 'ScheduleRefusedError';
}

/** What Temporal says of a schedule. */
export interface ScheduleState {
  readonly paused: boolean;
  /** Null where it is paused. */
  readonly nextRunAt: Date | null;
  /** Of the row that Temporal has it from. */
  readonly revision: string | undefined;
  readonly createdAt: Date;
}

/** Temporal's copies of schedules, of backups and of drift checks. The rows are the truth; see docs/schedules-and-retention.md. */
export interface BackupSchedules {
  /** Makes Temporal's copy of a schedule, or brings it to what the row says. */
  put(row: ScheduleRow): Promise<ScheduleState>;
  /** Null when Temporal has none. */
  describe(scheduleId: string): Promise<ScheduleState | null>;
  /** Removes it; nothing happens when there is none. */
  remove(scheduleId: string): Promise<void>;
}

/** A caller waits for it with a transaction open, which Postgres would end after eight seconds. */
const deadlineMs = 5_000;

/** Starting a run takes seconds; what takes longer waits for a database that is away, and a late run is one, too. */
const workflowRunTimeout = '12 hours';

/** Of both kinds: whoever has nothing but the id of a schedule finds it in Temporal. */
const temporalId = (scheduleId: string) => `backup-schedule-${scheduleId}`;

/** The schedules of a namespace. */
export function createBackupSchedules({ client }: { client: Client }): BackupSchedules {
  const withinTime = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + deadlineMs, work);
    } catch (error) {
      // The SDK's word for INVALID_ARGUMENT.
      if (error instanceof TypeError) throw new ScheduleRefusedError(error.message);
      throw new SchedulesUnavailableError('Temporal did not take the schedule', { cause: error });
    }
  };
  return {
    put: (row) =>
      withinTime(async () => {
        await createOrUpdate(client, row);
        return stateOf(await client.schedule.getHandle(temporalId(row.id)).describe());
      }),
    describe: (scheduleId) =>
      withinTime(async () => {
        try {
          return stateOf(await client.schedule.getHandle(temporalId(scheduleId)).describe());
        } catch (error) {
          if (error instanceof ScheduleNotFoundError) return null;
          throw error;
        }
      }),
    remove: (scheduleId) => withinTime(() => removeSchedule(client, temporalId(scheduleId))),
  };
}

function optionsOf(row: ScheduleRow) {
  const trigger: ScheduleTrigger = {
    scheduleId: row.id,
    tenantId: row.tenant_id,
    revision: row.revision,
  };
  return {
    spec: {
      cronExpressions: [row.cron],
      timezone: row.time_zone,
      jitter: row.jitter_seconds * 1000,
    },
    policies: {
      // Of the workflow that starts the run. Whether a run is still going its row knows: a second one joins it.
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: row.catch_up_seconds * 1000,
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'startScheduledBackup',
      workflowId: `start-${temporalId(row.id)}`,
      taskQueue: runsTaskQueue,
      args: [trigger],
      workflowRunTimeout,
      staticSummary: `Starts a scheduled ${isScheduleOf('drift', row) ? 'drift check' : 'backup'} of tenant ${row.tenant_id}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: tenantIdAttribute, value: row.tenant_id },
      ]),
    },
    state: { paused: row.paused },
  } as const;
}

async function createOrUpdate(client: Client, row: ScheduleRow): Promise<void> {
  const { spec, policies, action, state } = optionsOf(row);
  const scheduleId = temporalId(row.id);
  const options = {
    spec: { ...spec, cronExpressions: [...spec.cronExpressions] },
    policies,
    action: { ...action, args: [...action.args] },
    state,
  };
  try {
    await client.schedule.create({ scheduleId, ...options });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((old) => ({
      searchAttributes: old.searchAttributes,
      ...options,
    }));
  }
}

function stateOf({ state, info, action }: ScheduleDescription): ScheduleState {
  const trigger = action.args?.[0] as Partial<ScheduleTrigger> | undefined;
  return {
    paused: state.paused,
    // Temporal goes on to tell the times at which a paused schedule would run.
    nextRunAt: state.paused ? null : (info.nextActionTimes[0] ?? null),
    revision: trigger?.revision,
    createdAt: info.createdAt,
  };
}
