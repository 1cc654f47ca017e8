import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/replay/histories', import.meta.url));

/** A recorded history of one path through a workflow, kept as a file. */
export interface CommittedHistory {
  readonly workflowType: string;
  /** The change after which older code made it; null for the present code. */
  readonly before: string | null;
  /** The scenario, which names the file. */
  readonly scenario: string;
  /** Visible to the workflow, but not part of its history. */
  readonly workflowId: string;
  /** In Temporal's JSON, as its CLI and Web UI export it. */
  readonly history: unknown;
}

/** The path of a scenario's history. */
function fileOf({ workflowType, scenario }: Pick<CommittedHistory, 'workflowType' | 'scenario'>) {
  return join(folder, workflowType, `${scenario}.json`);
}

/** Reads all committed histories, sorted by name. */
export async function readCommittedHistories(): Promise<CommittedHistory[]> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((entry) => entry.endsWith('.json')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      const content = JSON.parse(text) as Pick<CommittedHistory, 'workflowId' | 'history'>;
      // A type's folder holds the histories of the present code, and a folder for each change with
      // older histories.
      const [workflowType = '', ...names] = file.replace(/\.json$/, '').split(/[\\/]/);
      const scenario = names.at(-1) ?? '';
      const before = names.length > 1 ? (names[0] ?? null) : null;
      return { workflowType, before, scenario, ...content };
    }),
  );
}

/** Writes a history of the present code to its file and replaces an older one. */
export async function writeCommittedHistory(
  committed: Omit<CommittedHistory, 'before'>,
): Promise<void> {
  const { workflowId, history } = committed;
  const file = fileOf(committed);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ workflowId, history }, null, 1)}\n`);
}
