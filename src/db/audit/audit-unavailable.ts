/** The audit trail cannot be written at present, so the caller must not do the deed. */
export class AuditUnavailableError extends Error {
  override readonly name = 'AuditUnavailableError';
}
