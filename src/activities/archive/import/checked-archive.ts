import type { Listing } from '#db/backup/backup-listings.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { DocumentFacts } from './import-document.ts';

/** A policy of a checked archive. Its document is unpacked again on demand. */
export interface ArchivedPolicy {
  readonly type: PolicyType;
  readonly facts: Pick<DocumentFacts, 'seen'>;
  /** False if the archive does not claim a complete policy. */
  readonly complete: boolean;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** The index of the entry in the zip. */
  readonly entry: number;
  readonly document: () => Promise<string>;
}

/** An archive after the check of every byte. */
export interface CheckedArchive {
  /** The name of the original set, if the archive has one. */
  readonly name: string | null;
  /** The statements of the archive about whole types. */
  readonly listings: readonly { readonly policyType: string; readonly listing: Listing }[];
  readonly policies: readonly ArchivedPolicy[];
}
