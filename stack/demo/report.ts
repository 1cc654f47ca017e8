import type { BackupSet, FinishedRun } from './api-types.ts';
import { table } from './table.ts';

/** Formats all items with their outcomes; a run without items has a row for itself. */
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

/** Formats the manifest of a backup set, one row for each type of the tenant. */
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

/** Formats the address of every workflow in the Web UI, one a line, with the name of its object. */
export function describeWorkflows(runs: readonly FinishedRun[]): string[] {
  const rows = runs.map(({ run, items }) => [
    ...[run.operationType, items.length === 1 ? (items[0]?.displayName ?? '') : ''],
    ...[run.status, run.workflow.url],
  ]);
  return table(['run', 'item', 'status', "workflow in Temporal's Web UI"], rows);
}
