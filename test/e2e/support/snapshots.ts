import type { Policy } from './api-types.ts';
import { type ApiUser, expectAnswer } from './api-user.ts';

/** A snapshot in the API, with the exact bytes of its content. */
export interface ReadSnapshot {
  readonly sha256: string;
  readonly bytes: number;
  readonly complete: boolean;
  readonly runId: string;
  readonly policyId: string;
  readonly content: {
    readonly item: Record<string, unknown>;
    readonly children: Readonly<Record<string, readonly unknown[]>>;
    readonly assignments: readonly unknown[] | null;
  };
  /** A slice of the answer, because parsing and writing it again would change it. */
  readonly contentBytes: Buffer;
}

const contentMember = ',"content":';

/** Reads the newest snapshot of a policy. */
export async function newestSnapshot(user: ApiUser, policyId: string): Promise<ReadSnapshot> {
  const policy = await expectAnswer<Policy>(user.call('GET', `/tenants/{t}/policies/${policyId}`));
  const path = `/tenants/{t}/snapshots/${policy.lastSnapshotId}`;
  const answer = await user.call('GET', path);
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
  // The content is the last member, and the quotes inside a string would be escaped.
  const start = answer.bytes.indexOf(contentMember) + contentMember.length;
  const contentBytes = answer.bytes.subarray(start, answer.bytes.length - 1);
  return { ...answer.json<Omit<ReadSnapshot, 'contentBytes'>>(), contentBytes };
}

/** The text of the `value` array in an answer of Graph. Throws if there is a further page. */
export function valueArrayText(graphText: string): string {
  if (graphText.includes('"@odata.nextLink"')) throw new Error('the list has another page');
  return graphText.slice(graphText.indexOf('"value":[') + '"value":'.length, -1);
}
