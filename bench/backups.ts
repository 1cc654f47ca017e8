import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { installIntuneCd } from '#test/peers/support/intunecd-install.ts';
import { sharedTypes } from '#test/peers/support/shared-types.ts';
import type { BenchStack } from './bench-stack.ts';
import { benchThrottle, floorSecondsOf, type RequestsByLimit } from './graph-floor.ts';
import { type MeasuredBackup, measureBackup } from './measured-backup.ts';
import { historyRows, memoryRows } from './measured-work.ts';
import { type Missing, missingOfOurs } from './missing-parts.ts';
import { neededRequests } from './needed-requests.ts';
import { nightlyRows } from './nightly-backup.ts';
import { measurePeerBackup, type PeerBackup } from './peer-backup.ts';
import type { BenchRow } from './row.ts';
import {
  type SeededTenant,
  seedTenant,
  type SimulatorObject,
  simulatorObjects,
} from './seeded-tenant.ts';

/** The sizes for the comparison with IntuneCD, and the largest share of its time that ours may take. */
const comparedSizes = [
  { policies: 200, timeRatioMax: 1 / 3, dangling: true },
  // Graph's limit bounds the gain: most of the time passes in the wait for the next window. A deleted group would
  // keep a throttled IntuneCD asking for ten minutes; its time leaves this out.
  { policies: 1_000, timeRatioMax: 1 / 2.4, dangling: false },
];
const floorRatioMax = 1.25;
/** Only for memory, against the smallest of the compared sizes. */
const manyPolicies = 2_000;
/** The design's budget of events for a capture of so many policies in one run. */
const historyEventsMax = (policies: number) => 0.6 * policies + 40;
const collections = new Set(policyTypes.map(({ collection }) => collection));
/** The simulator's paths of each kind of app protection, which Graph lists in one collection. */
const managedApps = '/deviceAppManagement/managedAppPolicies';

/**
 * Measures backups of whole generated tenants under Graph's limits: against the floor, against IntuneCD on the same
 * tenant, and of a tenant with few changes.
 */
export async function measureBackups(
  bench: BenchStack,
  say: (line: string) => void,
): Promise<BenchRow[]> {
  const installation = await installIntuneCd();
  const packages = 'packages' in installation ? installation.packages : null;
  if ('notRun' in installation) say(installation.notRun);
  const rows: BenchRow[] = [];
  const backups: MeasuredBackup[] = [];
  for (const size of comparedSizes) {
    say(`backup of ${size.policies} policies`);
    const tenant = await seedTenant(bench, size.policies, size.dangling);
    const objects = await simulatorObjects(bench, tenant);
    const ours = await measureBackup(bench, tenant, 'First');
    backups.push(ours);
    rows.push(...(await ownRows(bench, tenant, ours, objects)));
    if (packages !== null) {
      say('the same by IntuneCD');
      const expected = { items: ours.items, objects };
      const theirs = await measurePeerBackup(bench, tenant, packages, expected);
      rows.push(...peerRows(size, ours, theirs));
      say('and only the types that IntuneCD covers');
      const twin = await seedTenant(bench, size.policies, size.dangling);
      const shared = await measureBackup(bench, twin, 'Shared', { types: sharedTypes });
      rows.push(sharedRow(size, shared, theirs));
    }
    if (size === comparedSizes.at(-1)) {
      say('a nightly backup of it');
      rows.push(...(await nightlyRows(bench, tenant, ours)));
    }
  }
  say(`backup of ${manyPolicies} policies`);
  const many = await measureBackup(bench, await seedTenant(bench, manyPolicies), 'Many');
  const [few] = backups;
  const ofWhat = `of ${comparedSizes[0]?.policies}`;
  if (few) rows.push(...memoryRows(`backup of ${manyPolicies} policies`, many, few, ofWhat));
  return rows;
}

async function ownRows(
  bench: BenchStack,
  tenant: SeededTenant,
  ours: MeasuredBackup,
  objects: readonly SimulatorObject[],
): Promise<BenchRow[]> {
  const name = `backup of ${tenant.policies} policies`;
  const needed = neededRequests(ours.items, objects);
  const total = needed.others + needed.conditionalAccess;
  const policies = objects.filter(
    ({ path, id }) => (collections.has(path) || path === managedApps) && !isBuiltIn(path, id),
  );
  const missing = await missingOfOurs(tenant, ours.items, policies);
  return [
    {
      ...{ name, unit: 's', value: ours.seconds, goal: floorRatioMax },
      baseline: { value: floorSecondsOf(needed), what: floorText(needed) },
    },
    {
      ...{ name: `${name}: requests`, unit: 'requests', value: ours.requests.total, goal: null },
      baseline: { value: total, what: 'what a complete backup needs at least' },
    },
    throttledRow(`${name}: answered 429`, ours.requests),
    missingRow(`${name}: missing or not whole`, missing, 0),
    ...(await historyRows(bench, 'backup', ours.runs[0], historyEventsMax(ours.items.length))),
  ];
}

/** The default scope tag is the only object of Microsoft in a generated tenant. */
function isBuiltIn(path: string, id: string): boolean {
  return path.endsWith('/roleScopeTags') && id === '0';
}

function floorText({ others, conditionalAccess }: RequestsByLimit): string {
  const { latencyMs } = benchThrottle;
  const beside = `beside them ${conditionalAccess} of conditional access, one a second`;
  return `${others} requests under Graph's limits, ${latencyMs} ms each on 8 connections, ${beside}`;
}

function peerRows(
  { policies, timeRatioMax }: (typeof comparedSizes)[number],
  ours: MeasuredBackup,
  theirs: PeerBackup,
): BenchRow[] {
  const name = `backup of ${policies} policies`;
  const what = 'IntuneCD with 10 workers, same tenant and limits';
  const memory =
    ours.peakMiB === null || theirs.peakMiB === null
      ? []
      : [{ value: ours.peakMiB, baseline: { value: theirs.peakMiB, what } }];
  return [
    {
      ...{ name: `${name} beside IntuneCD's`, unit: 's', value: ours.seconds },
      ...{ baseline: { value: theirs.seconds, what }, goal: timeRatioMax },
    },
    {
      ...{ name: `${name} beside IntuneCD's: requests`, unit: 'requests', goal: null },
      ...{ value: ours.requests.total, baseline: { value: theirs.requests.total, what } },
    },
    ...memory.map((compared) => ({
      ...{ name: `${name} beside IntuneCD's: memory`, unit: 'MiB', goal: null, ...compared },
    })),
    {
      ...throttledRow(`IntuneCD's backup of ${policies}: answered 429`, theirs.requests),
      goal: null,
    },
    missingRow(`IntuneCD's backup of ${policies}: missing or not whole`, theirs.missing, null),
  ];
}

/**
 * Both sides do the same work, except that ours reads all lists of conditional access, at one a second, and IntuneCD
 * reads one of them.
 */
function sharedRow(
  { policies, timeRatioMax }: (typeof comparedSizes)[number],
  ours: MeasuredBackup,
  theirs: PeerBackup,
): BenchRow {
  const what = 'IntuneCD with 10 workers, an equal tenant and limits';
  return {
    ...{ name: `backup of ${policies} policies, the types of IntuneCD's`, unit: 's' },
    ...{ value: ours.seconds, baseline: { value: theirs.seconds, what }, goal: timeRatioMax },
  };
}

/** A backup must succeed with few refusals, otherwise the limits and not the budget slowed it. */
const throttledPercentMax = 5;

function throttledRow(name: string, { throttled, total }: MeasuredBackup['requests']): BenchRow {
  const value = (100 * throttled) / total;
  return { name, unit: '% of requests', value, baseline: null, goal: throttledPercentMax };
}

function missingRow(name: string, { missing, expected }: Missing, goal: number | null): BenchRow {
  return { name, unit: `of ${expected} policies`, value: missing, baseline: null, goal };
}
