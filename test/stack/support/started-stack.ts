import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pollUntil } from '#stack/poll-until.ts';
import { readStackFile, type StackFile } from '#stack/stack-file.ts';
import { stackFileOf } from '#stack/stack-home.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const readyTimeoutMs = 60_000;

/** A command of the stack as a process of its own, in a process group as a terminal gives it. */
export interface StackCommand {
  process: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
  /** Waits for the line that says that the stack is ready. Throws with the output without it. */
  untilReady(): Promise<void>;
  /** Signals the whole process group, as Ctrl-C on a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** Runs `node stack/<script>` on `home`, every port being a free one. */
export function runStackCommand(
  script: string,
  home: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): StackCommand {
  const child = spawn(process.execPath, [`stack/${script}`, ...args], {
    cwd: checkout,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ TENANTRY_HOME: home, PORT: '0', SIMULATOR_PORT: '0', POSTGRES_PORT: '0' },
      ...{ TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0' },
      ...env,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  async function untilReady(): Promise<void> {
    const isReady = () => /^ready in /m.test(text);
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    await pollUntil(() => isReady() || hasEnded(), readyTimeoutMs);
    if (!isReady()) throw new Error(`The stack did not become ready:\n${text}`);
  }
  const signalGroup = (signal: NodeJS.Signals) => void process.kill(-(child.pid ?? 0), signal);
  return { process: child, output: () => text, exited, untilReady, signalGroup };
}

/** What `stack.json` of the stack on `home` says. Throws when there is none. */
export function stackFileIn(home: string): StackFile {
  const content = readStackFile(stackFileOf(home));
  if (content === undefined) throw new Error(`There is no stack.json in ${home}`);
  return content;
}
