import type { Kysely } from 'kysely';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { Database } from '#db/tables.ts';
import type { Graph } from '#graph/port/graph-reader.ts';
import type { Temporal } from '#temporal/connect.ts';
import type { RunStarter } from '#temporal/run/run-starter.ts';
import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import type { SettleWindow } from './settle-window.ts';

/** The dependencies of activities, one set per worker. */
export interface ActivityDeps {
  readonly db: Kysely<Database>;
  readonly cipher: SnapshotCipher;
  /** Reads only; the writing activity has a port of its own. */
  readonly graph: Graph;
  /** For the reconciler. */
  readonly temporal: Temporal;
  /** For triggered schedules. */
  readonly runs: RunStarter;
  readonly schedules: BackupSchedules;
  readonly settle: SettleWindow;
}
