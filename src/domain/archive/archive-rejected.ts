/** The reason for a refused archive: stable words for the sender. */
export type RejectionReason =
  | 'not_a_zip'
  | 'too_many_entries'
  | 'too_large'
  | 'suspicious_ratio'
  | 'unsafe_name'
  | 'duplicate_name'
  | 'not_a_file'
  | 'encrypted'
  | 'unsupported_compression'
  | 'overlapping_entries'
  | 'header_mismatch'
  | 'damaged'
  | 'checksum_mismatch'
  | 'nested_archive'
  | 'bad_manifest'
  | 'file_missing'
  | 'file_not_listed'
  | 'hash_mismatch'
  | 'unknown_type'
  | 'unknown_file'
  | 'not_json'
  | 'too_deep'
  | 'not_a_policy'
  | 'duplicate_policy'
  | 'too_many_references'
  | 'nothing_to_import';

/** An archive refused as a whole. The error names the place by number: names in the archive are the sender's text. */
export class ArchiveRejectedError extends Error {
  override readonly name = 'ArchiveRejectedError';
  readonly reason: RejectionReason;
  /** The entry of the zip, from 0; null if the fault is in no single entry. */
  readonly entry: number | null;
  constructor(reason: RejectionReason, entry: number | null = null) {
    super(`the archive is refused: ${reason}`);
    this.reason = reason;
    this.entry = entry;
  }
}
