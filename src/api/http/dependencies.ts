import type { Kysely } from 'kysely';
import type { Config } from '#config.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { Database } from '#db/tables.ts';
import type { GroupSearch } from '#domain/directory/group-search.ts';
import type { Logger } from '#logger.ts';
import type { RunStarter } from '#temporal/run/run-starter.ts';
import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';

/** All inputs of the API: it opens no connection and reads no environment variable itself. */
export interface ApiDependencies {
  readonly db: Kysely<Database>;
  readonly cipher: SnapshotCipher;
  readonly runs: RunStarter;
  readonly schedules: BackupSchedules;
  /** The API's only access to Graph; it acts for the caller and never for the application. */
  readonly groupSearch: GroupSearch;
  readonly config: Config;
  readonly log: Logger;
  /** Rejects if Temporal does not answer. */
  readonly checkTemporal: () => Promise<void>;
}
