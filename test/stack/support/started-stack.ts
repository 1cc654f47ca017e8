import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pollUntil } from '#stack/poll-until.ts';
import { readStackFile, type StackFile } from '#stack/stack-file.ts';
import { stackFileOf } from '#stack/stack-home.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const readyTimeoutMs = 60_000;

/** A command of the stack in a process and a process group of its own, as a terminal starts it. */
export interface StackCommand {
  process: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
  /** Waits for the ready line of the stack. Throws with the output if it does not come. */
  untilReady(): Promise<void>;
  /** Signals the whole process group, like Ctrl-C on a terminal. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** Runs `node stack/<script>` on `home` with free ports. */
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

/** Reads `stack.json` of the stack on `home`. Throws if it is missing. */
export function stackFileIn(home: string): StackFile {
  const content = readStackFile(stackFileOf(home));
  if (content === undefined) throw new Error(`There is no stack.json in ${home}`);
  return content;
}
