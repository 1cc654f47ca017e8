/** The moments at which a test may end the process. An item survives a crash between any two of them. */
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

/** Receives every moment. In production it is a no-op. */
export type ReachFailpoint = (point: Failpoint) => void;
