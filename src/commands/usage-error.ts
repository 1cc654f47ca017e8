/** The arguments of a command are wrong; the message shows the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
