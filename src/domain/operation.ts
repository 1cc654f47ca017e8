import type { OperationType } from './run.ts';

/** What each operation is called in sentences and titles that people read. */
export const operationTitles: Record<OperationType, string> = {
  'inventory.sync': 'Inventory sync',
  'policy.capture_snapshot': 'Policy capture',
};

/** What a running run of each operation is doing, in one word. */
export const operationPhases: Record<OperationType, string> = {
  'inventory.sync': 'listing',
  'policy.capture_snapshot': 'capturing',
};

/** The workflow type that carries each operation out; in histories for ever. */
export const workflowTypes: Record<OperationType, string> = {
  'inventory.sync': 'inventorySync',
  'policy.capture_snapshot': 'capturePolicySnapshot',
};
