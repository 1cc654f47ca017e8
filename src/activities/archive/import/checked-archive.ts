import type { Listing } from '#db/backup/backup-listings.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { DocumentFacts } from './import-document.ts';

/** A policy of an archive that has been checked. Its document is unpacked again when it is wanted. */
export interface ArchivedPolicy {
  readonly type: PolicyType;
  readonly facts: Pick<DocumentFacts, 'seen'>;
  /** False where the archive does not claim to hold all of the policy. */
  readonly complete: boolean;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** Which entry of the zip it is. */
  readonly entry: number;
  readonly document: () => Promise<string>;
}

/** An archive every byte of which has been checked. */
export interface CheckedArchive {
  /** The name of the set that it was made of, where it tells. */
  readonly name: string | null;
  /** What it says of whole types. */
  readonly listings: readonly { readonly policyType: string; readonly listing: Listing }[];
  readonly policies: readonly ArchivedPolicy[];
}
