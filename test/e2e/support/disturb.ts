import { setTimeout as sleep } from 'node:timers/promises';
import type { PartName } from '#stack/stack-file.ts';
import type { StackUnderTest } from './stack-under-test.ts';

const pollIntervalMs = 20;
const waitSecondsDefault = 60;

/** Polls until a condition holds. Throws with `what` after `seconds`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds: number = waitSecondsDefault,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not after ${seconds} s`);
    await sleep(pollIntervalMs);
  }
}

/** Kills a part of the stack, like a crash, and waits until its successor is ready. */
export async function crash({ stack }: StackUnderTest, name: PartName): Promise<void> {
  const before = stack.pids[name];
  stack.kill(name, 'SIGKILL');
  await until(`${name} is back`, () => stack.pids[name] !== before);
}

/** Waits until Graph has got another call that matches. */
export async function untilGraphIsCalled(
  { simulator }: StackUnderTest,
  path: RegExp,
): Promise<void> {
  const since = (await simulator.requests()).at(-1)?.seq ?? 0;
  await until(`Graph is called at ${path.source}`, async () =>
    (await simulator.requests(since)).some((request) => path.test(request.path)),
  );
}
