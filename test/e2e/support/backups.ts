import { generateTenant } from '#test/support/generated-tenant.ts';
import { countTenant } from '../../../tools/count-tenant.ts';
import type { Run } from './api-types.ts';
import { type ApiUser, expectAnswer, wholeList } from './api-user.ts';
import { started, untilEnded } from './follow-run.ts';
import type { StackUnderTest } from './stack-under-test.ts';

interface ManifestType {
  readonly type: string;
  readonly listed: number;
  readonly captured: number;
  readonly failed: number;
  readonly forbidden: number;
  readonly unsupported: number;
  readonly builtIn: number;
}

/** A backup set by the contract. */
export interface BackupSet {
  readonly id: string;
  readonly itemCount: number;
  readonly manifest: {
    readonly complete: boolean;
    readonly contentHash: string | null;
    readonly types: readonly ManifestType[];
  };
}

const seedBatch = 250;

/** Adds generated policies to a user's tenant, beside the sample's. */
export async function seedGenerated(
  { simulator }: StackUnderTest,
  { tenantId }: ApiUser,
  policies: number,
): Promise<void> {
  const objects = generateTenant({ policies, seed: policies });
  for (let first = 0; first < objects.length; first += seedBatch) {
    const batch = objects.slice(first, first + seedBatch);
    await simulator.control('POST', `/tenants/${tenantId}/objects`, batch);
  }
}

/** Creates a backup set, and returns it and its run after the run's end. */
export async function backUp(
  user: ApiUser,
  body: object,
  seconds?: number,
): Promise<{ run: Run; set: BackupSet }> {
  const { run } = await started(user.call('POST', '/tenants/{t}/backup-sets', body));
  const ended = await untilEnded(user, run.id, seconds);
  return { run: ended, set: await readSet(user, ended) };
}

/** The set of a run. */
export function readSet(user: ApiUser, { target }: Pick<Run, 'target'>): Promise<BackupSet> {
  return expectAnswer<BackupSet>(user.call('GET', `/tenants/{t}/backup-sets/${target?.id}`));
}

/**
 * The number of objects of each Graph collection, by the manifest and by an independent count in Graph; both include
 * built-in objects.
 */
export async function compareCounts(
  { stack }: StackUnderTest,
  user: ApiUser,
  { manifest }: BackupSet,
): Promise<{ captured: Record<string, number>; counted: Record<string, number> }> {
  const types = await wholeList<{ type: string; collection: string }>(
    user,
    '/tenants/{t}/policy-types',
  );
  const collections = new Map(types.map(({ type, collection }) => [type, collection]));
  const captured: Record<string, number> = {};
  for (const { type, captured: number, builtIn } of manifest.types) {
    const collection = collections.get(type) ?? type;
    captured[collection] = (captured[collection] ?? 0) + number + builtIn;
  }
  const paths = [...new Set(collections.values())];
  const counted = await countTenant(stack.simulatorUrl, user.tenantId, paths);
  return { captured, counted: Object.fromEntries(counted) };
}

/** The Graph calls of a tenant since a number of the log, without the envelopes of batches. */
export async function callsSince(
  { simulator }: StackUnderTest,
  { tenantId }: ApiUser,
  since: number,
): Promise<{ path: string; status: number | null }[]> {
  const calls = await simulator.requests(since);
  return calls.filter(({ tenant, path }) => tenant === tenantId && !path.endsWith('$batch'));
}

/** The number of the newest call in the log. */
export async function newestCall({ simulator }: StackUnderTest): Promise<number> {
  return (await simulator.requests()).at(-1)?.seq ?? 0;
}
