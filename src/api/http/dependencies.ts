import type { Kysely } from 'kysely';
import type { Config } from '#config.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { Database } from '#db/tables.ts';
import type { GroupSearch } from '#domain/directory/group-search.ts';
import type { Logger } from '#logger.ts';
import type { RunStarter } from '#temporal/run/run-starter.ts';
import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';

/** Everything that the API is given; it opens nothing and reads no environment of its own. */
export interface ApiDependencies {
  readonly db: Kysely<Database>;
  readonly cipher: SnapshotCipher;
  readonly runs: RunStarter;
  readonly schedules: BackupSchedules;
  /** The only way from here to Graph; it acts for the caller and never for the application. */
  readonly groupSearch: GroupSearch;
  readonly config: Config;
  readonly log: Logger;
  /** Resolves when Temporal answers; rejects when it does not. */
  readonly checkTemporal: () => Promise<void>;
}
