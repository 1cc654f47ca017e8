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

/** Temporal did not answer in time: the change may have happened or not. */
export class SchedulesUnavailableError extends Error {
  override readonly name = 'SchedulesUnavailableError';
}

/** Temporal refuses the times of a schedule: its list of time zones differs from ours. */
export class ScheduleRefusedError extends Error {
  override readonly name = 'ScheduleRefusedError';
}

/** The state of a Temporal Schedule. */
export interface ScheduleState {
  readonly paused: boolean;
  /** Null for a paused schedule. */
  readonly nextRunAt: Date | null;
  /** The revision of the row at the last copy. */
  readonly revision: string | undefined;
  readonly createdAt: Date;
}

/** Temporal's copies of backup and drift schedules. The rows are the truth; see docs/schedules-and-retention.md. */
export interface BackupSchedules {
  /** Creates or updates Temporal's copy of a row. */
  put(row: ScheduleRow): Promise<ScheduleState>;
  /** Returns null if Temporal has no copy. */
  describe(scheduleId: string): Promise<ScheduleState | null>;
  /** Removes the copy; a no-op if there is none. */
  remove(scheduleId: string): Promise<void>;
}

/** Callers wait with an open transaction, and Postgres ends it after eight seconds. */
const deadlineMs = 5_000;

/** A start takes seconds. A longer one waits for the database, and a late run is better than none. */
const workflowRunTimeout = '12 hours';

/** Both kinds share the prefix, so the id of a schedule is enough to find it in Temporal. */
const temporalId = (scheduleId: string) => `backup-schedule-${scheduleId}`;

/** Makes the port to the schedules of a namespace. */
export function createBackupSchedules({ client }: { client: Client }): BackupSchedules {
  const withinTime = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + deadlineMs, work);
    } catch (error) {
      // The SDK throws a TypeError for INVALID_ARGUMENT.
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
      // Concerns the workflow that starts the run. A second start joins an active run.
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
    // Temporal computes next times for a paused schedule, too.
    nextRunAt: state.paused ? null : (info.nextActionTimes[0] ?? null),
    revision: trigger?.revision,
    createdAt: info.createdAt,
  };
}
