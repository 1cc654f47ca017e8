const dayMs = 24 * 60 * 60 * 1000;

/** The time so many days from now. */
export function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * dayMs);
}
