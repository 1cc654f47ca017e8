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

/** The Web UI's address of every workflow, one a line. */
export function describeWorkflows(runs: readonly FinishedRun[]): string[] {
  return [
    `Workflows in Temporal's Web UI (${runs.length}):`,
    ...runs.map(({ run }) => `  ${run.operationType}  ${run.status}  ${run.workflow.url}`),
  ];
}
