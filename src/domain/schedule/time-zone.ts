/** Names in the IANA database's spelling. Offsets such as +02:00 are refused: they know no daylight saving time. */
const namePattern = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){0,2}$/;

/** The longest name of the database has 32 characters. */
const charactersMax = 64;

/** True if the text is the name of an IANA time zone in the database's case. */
export function isTimeZone(name: string): boolean {
  if (name.length > charactersMax || !namePattern.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Old names resolve to newer ones; Temporal reads all of them, but only in the database's case.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
