/** Names as the IANA database writes them: no offsets such as +02:00, which know no daylight saving time. */
const namePattern = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*){0,2}$/;

/** The longest name of the database has 32 characters. */
const charactersMax = 64;

/** Whether a text is the name of a time zone of the IANA database, in the case in which it stands there. */
export function isTimeZone(name: string): boolean {
  if (name.length > charactersMax || !namePattern.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Old names resolve to newer ones; Temporal reads all of them, but none in another case.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
