/** The audit trail cannot be written at present, and so nothing that belongs into it may be done. */
export class AuditUnavailableError extends Error {
  override readonly name = 'AuditUnavailableError';
}
