import type { Kysely } from 'kysely';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { Database } from '#db/tables.ts';
import type { Graph } from '#graph/port/graph-reader.ts';
import type { Temporal } from '#temporal/connect.ts';
import type { RunStarter } from '#temporal/run/run-starter.ts';
import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import type { SettleWindow } from './settle-window.ts';

/** What activities work with, made once per worker. */
export interface ActivityDeps {
  readonly db: Kysely<Database>;
  readonly cipher: SnapshotCipher;
  /** Reads; whoever writes is given a port of its own. */
  readonly graph: Graph;
  /** For the reconciler, which asks Temporal about workflows. */
  readonly temporal: Temporal;
  /** For schedules, whose firings start runs as people do. */
  readonly runs: RunStarter;
  readonly schedules: BackupSchedules;
  readonly settle: SettleWindow;
}
