import { hostname } from 'node:os';

/** Names of a recording machine that no repository may contain. */
const machineNames = [hostname(), process.cwd()].filter((name) => name.length > 2);

/**
 * Parses a history and removes the facts of the recording machine, none of which a replay reads:
 * stack traces, identities of processes and the task queues named after them. Throws if a name of
 * the machine is left.
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
