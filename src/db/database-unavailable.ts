/** SQLSTATE classes and codes for a database in trouble, as opposed to a statement with an error. */
const unavailableStates: readonly RegExp[] = [
  /^08/, // connection exceptions
  /^53/, // insufficient resources: connections, memory, disk
  /^57P0[1-4]$/, // shut down, crashed, starting up, database dropped
  /^57014$/, // ended by statement_timeout
  /^25P03$/, // ended by idle_in_transaction_session_timeout
  /^40(?:001|P01)$/, // serialization failure, deadlock
];

const networkCodes: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
];

// pg reports these without a code.
const driverMessages =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/i;

/** Tells an outage of the database, worth a retry, from an error in the statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // Node tries every address of a host name, and reports all failures as one error.
  if ('errors' in error && Array.isArray(error.errors)) {
    return error.errors.some(isDatabaseUnavailable);
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return (
    networkCodes.includes(code) ||
    unavailableStates.some((state) => state.test(code)) ||
    driverMessages.test(message)
  );
}
