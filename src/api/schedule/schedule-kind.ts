import type { z } from 'zod';
import { nothing } from '#api/http/input-schemas.ts';
import { backupScheduleInPath, driftScheduleInPath, type PathId } from '#api/http/path-id.ts';
import type { ProblemCode } from '#api/http/problem.ts';
import type { ScheduleKind } from '#db/schedule/schedule-kinds.ts';
import type { WithLastRun } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';
import {
  backupScheduleBody,
  driftScheduleBody,
  type ScheduleBodySchema,
} from './schedule-input.ts';
import { backupScheduleSchema, driftScheduleSchema } from './schedule-view.ts';

/** The facts in which the routes of one kind of schedules differ from those of the other. */
export interface KindFacts {
  /** In operation ids: `BackupSchedule`. */
  readonly word: string;
  /** In sentences: `backup schedule`. */
  readonly noun: string;
  readonly tag: string;
  readonly listPath: string;
  readonly pathId: PathId<WithLastRun<ScheduleRow>>;
  readonly body: ScheduleBodySchema;
  readonly schema: z.ZodType;
  /** The problems of a body that does not suit the state of the tenant. */
  readonly problems: readonly ProblemCode[];
}

export const scheduleKinds: Readonly<Record<ScheduleKind, KindFacts>> = {
  backup: {
    word: 'BackupSchedule',
    noun: 'backup schedule',
    tag: 'Backup schedules',
    listPath: '/api/v1/tenants/{tenantId}/backup-schedules',
    pathId: backupScheduleInPath,
    body: backupScheduleBody,
    schema: backupScheduleSchema,
    problems: [],
  },
  drift: {
    word: 'DriftSchedule',
    noun: 'schedule of drift checks',
    tag: 'Drift schedules',
    listPath: '/api/v1/tenants/{tenantId}/drift-schedules',
    pathId: driftScheduleInPath,
    body: driftScheduleBody,
    schema: driftScheduleSchema,
    problems: ['conflict'],
  },
};

/** The common facts of the routes about one schedule. */
export const aboutOne = ({ listPath, pathId, tag, schema }: KindFacts) =>
  ({
    path: `${listPath}/{${pathId.parameter}}`,
    tag,
    access: 'manager',
    pathId,
    query: nothing,
    body: nothing,
    answer: { status: 200, schema },
  }) as const;
