import type { BackupSet, FinishedRun } from './api-types.ts';
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

/** What the manifest of a backup set says of every type that the tenant has. */
export function describeManifest({ name, itemCount, manifest }: BackupSet): string[] {
  const rows = manifest.types
    .filter((type) => type.listed + type.builtIn + type.forbidden + type.failed > 0)
    .map((type) => [
      ...[type.type, `${type.listed}`, `${type.captured}`, `${type.failed}`],
      ...[`${type.builtIn}`, type.forbidden > 0 ? 'forbidden' : ''],
    ]);
  const complete = manifest.complete ? 'complete' : 'NOT complete';
  return [
    `Backup set "${name}": ${itemCount} policies, ${complete}`,
    ...table(['type', 'listed', 'captured', 'failed', 'built in', ''], rows),
  ];
}

/** The Web UI's address of every workflow, one a line, with the name of what it worked on. */
export function describeWorkflows(runs: readonly FinishedRun[]): string[] {
  const rows = runs.map(({ run, items }) => [
    ...[run.operationType, items.length === 1 ? (items[0]?.displayName ?? '') : ''],
    ...[run.status, run.workflow.url],
  ]);
  return table(['run', 'item', 'status', "workflow in Temporal's Web UI"], rows);
}
