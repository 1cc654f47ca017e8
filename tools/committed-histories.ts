import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/replay/histories', import.meta.url));

/** A history that stands for one way through a workflow, kept as a file. */
export interface CommittedHistory {
  readonly workflowType: string;
  /** Named after the change that came after it, where older code has made it; null for the present code's. */
  readonly before: string | null;
  /** What happens in it: the name of its file. */
  readonly scenario: string;
  /** Not part of a history, but of what a workflow sees. */
  readonly workflowId: string;
  /** In Temporal's own JSON, as its CLI and Web UI export it. */
  readonly history: unknown;
}

/** Where the history of a scenario lies. */
function fileOf({ workflowType, scenario }: Pick<CommittedHistory, 'workflowType' | 'scenario'>) {
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
      // Under a type lie the present code's, and a folder for each change whose older histories are kept.
      const [workflowType = '', ...names] = file.replace(/\.json$/, '').split(/[\\/]/);
      const scenario = names.at(-1) ?? '';
      const before = names.length > 1 ? (names[0] ?? null) : null;
      return { workflowType, before, scenario, ...content };
    }),
  );
}

/** Writes a history of the present code to its file, over an older one. */
export async function writeCommittedHistory(
  committed: Omit<CommittedHistory, 'before'>,
): Promise<void> {
  const { workflowId, history } = committed;
  const file = fileOf(committed);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ workflowId, history }, null, 1)}\n`);
}
