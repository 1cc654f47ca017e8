/** The moments of an item's life at which a test may end the process: between any two of them it has to survive that. */
export const failpoints = [
  'item_opened',
  'snapshot_taken',
  'budget_granted',
  'write_intended',
  'write_sent',
  'write_recorded',
  'writes_done',
  'verified',
  'outcome_recorded',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** Told of every moment that is reached. The product is given one that does nothing. */
export type ReachFailpoint = (point: Failpoint) => void;
