import type { FinishedRun } from './api-types.ts';
import { table } from './table.ts';

/** The table of all items and their outcomes; a run without items has a row for itself. */
export function describeItems(runs: readonly FinishedRun[]): string[] {
  const rows = runs.flatMap(({ run, items }) =>
    items.length === 0
      ? [[run.operationType, '', '', '', run.status, run.error?.code ?? '']]
      : items.map(({ policyType, displayName, action, outcome, error }) => [
          ...[run.operationType, policyType, displayName],
          ...[action, outcome, error?.code ?? ''],
        ]),
  );
  return table(['run', 'type', 'item', 'action', 'outcome', 'error'], rows);
}

/** The Web UI's address of every workflow, one a line, with the name of what it worked on. */
export function describeWorkflows(runs: readonly FinishedRun[]): string[] {
  const rows = runs.map(({ run, items }) => [
    ...[run.operationType, items.length === 1 ? (items[0]?.displayName ?? '') : ''],
    ...[run.status, run.workflow.url],
  ]);
  return table(['run', 'item', 'status', "workflow in Temporal's Web UI"], rows);
}
