import { hostname } from 'node:os';

/** Names of a recording machine that must not reach a repository. */
const machineNames = [hostname(), process.cwd()].filter((name) => name.length > 2);

/**
 * Takes a history as JSON text and returns it, parsed, without what tells of the machine that recorded it: stack traces,
 * identities of processes and the queues named after them. None of that has a part in a replay.
 * Throws when a name of the machine is left.
 */
export function anonymousHistory(json: string): unknown {
  const history: unknown = JSON.parse(json, (key, value: unknown) => {
    if (key === 'stackTrace') return '';
    if (key === 'identity') return 'recorder';
    return isStickyQueue(value) ? { ...value, name: 'sticky' } : value;
  });
  const text = JSON.stringify(history);
  const left = machineNames.find((name) => text.includes(name));
  if (left !== undefined) throw new Error(`the history still names ${left}`);
  return history;
}

function isStickyQueue(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'TASK_QUEUE_KIND_STICKY'
  );
}
