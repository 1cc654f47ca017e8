import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/replay/histories', import.meta.url));

/** A history that stands for one way through a workflow, kept as a file. */
export interface CommittedHistory {
  readonly workflowType: string;
  /** What happens in it: the name of its file. */
  readonly scenario: string;
  /** Not part of a history, but of what a workflow sees. */
  readonly workflowId: string;
  /** In Temporal's own JSON, as its CLI and Web UI export it. */
  readonly history: unknown;
}

/** Where the history of a scenario lies. */
function fileOf({ workflowType, scenario }: Omit<CommittedHistory, 'workflowId' | 'history'>) {
  return join(folder, workflowType, `${scenario}.json`);
}

/** Reads every committed history, in the order of their names. */
export async function readCommittedHistories(): Promise<CommittedHistory[]> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((entry) => entry.endsWith('.json')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      const content = JSON.parse(text) as Pick<CommittedHistory, 'workflowId' | 'history'>;
      const [workflowType = '', name = ''] = file.split(/[\\/]/);
      return { workflowType, scenario: name.replace(/\.json$/, ''), ...content };
    }),
  );
}

/** Writes a history to its file, over an older one. */
export async function writeCommittedHistory(committed: CommittedHistory): Promise<void> {
  const { workflowId, history } = committed;
  const file = fileOf(committed);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ workflowId, history }, null, 1)}\n`);
}
