import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The facts about a policy in a set's content hash. */
interface HashedPolicy {
  readonly type: string;
  readonly graphId: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The content hash of a set with these policies, equal to the one in its manifest (domain/backup/manifest.ts). */
export function contentHash(policies: readonly HashedPolicy[]): string {
  // Types and ids are ASCII without blanks; they sort alike in every collation by bytes.
  const keyOf = ({ type, graphId }: HashedPolicy) => `${type}\n${graphId}`;
  const sorted = [...policies].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const hash = sha256.create();
  for (const one of sorted) hash.update(utf8ToBytes(`${one.type} ${one.graphId} ${one.sha256}\n`));
  return bytesToHex(hash.digest());
}
