import type { z } from 'zod';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import type { PathId } from '#api/http/path-id.ts';
import type { ProblemCode } from '#api/http/problem.ts';
import type { Config } from '#config.ts';
import type { TenantTrx } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { WithLastRun } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';

/** A kind of schedules: in what its routes differ from those of the other kind. */
export interface ScheduleKind<Row extends ScheduleRow, Body extends z.ZodObject> {
  /** In operation ids: `BackupSchedule`. */
  readonly word: string;
  /** In sentences: `backup schedule`. */
  readonly noun: string;
  readonly tag: string;
  readonly listPath: string;
  readonly pathId: PathId<WithLastRun<Row>>;
  readonly body: Body;
  readonly schema: z.ZodType;
  /** What is answered, beyond what every route is, where a body does not suit the tenant or its state. */
  readonly problems: readonly ProblemCode[];
  view(row: WithLastRun<Row>, config: Config): object;
  /** Throws Problem where a body names what the tenant does not have. */
  requireOwn(deps: ApiDependencies, tenantId: string, body: z.output<Body>): Promise<void>;
  insert(
    trx: TenantTrx,
    schedule: {
      readonly id: string;
      readonly createdBy: { readonly id: string; readonly displayName: string };
      readonly body: z.output<Body>;
    },
  ): Promise<ScheduleRow>;
  replace(trx: TenantTrx, id: string, body: z.output<Body>): Promise<ScheduleRow | undefined>;
  list(trx: TenantTrx, page: PageRequest): Promise<Page<WithLastRun<Row>>>;
}
