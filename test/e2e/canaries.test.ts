import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logFileOf, openStackHome } from '#stack/stack-home.ts';
import type { Policy } from '#test/e2e/support/api-types.ts';
import {
  type ApiAnswer,
  type ApiUser,
  expectAnswer,
  wholeList,
} from '#test/e2e/support/api-user.ts';
import { crash, untilGraphIsCalled } from '#test/e2e/support/disturb.ts';
import { runToEnd, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { capturesPath } from '#test/e2e/support/made-policies.ts';
import {
  historySinks,
  logSinks,
  type Sinks,
  sinksWith,
  sinksWithTokens,
  tableSinks,
  temporalFileSinks,
} from '#test/e2e/support/sinks.ts';
import { newestSnapshot } from '#test/e2e/support/snapshots.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/** Words without another use. Letters only, so that no encoding of JSON or URLs changes them. */
function canary(name: string): string {
  const random = [...randomBytes(16)].map((byte) => String.fromCodePoint(97 + (byte % 26)));
  return `canary${name}${random.join('')}`;
}

const clientSecret = canary('ClientSecret');
const snapshotKey = randomBytes(32).toString('base64');
const contents = {
  encryptedOma: canary('EncryptedOma'),
  plainOma: canary('PlainOma'),
  setting: canary('Setting'),
  script: canary('Script'),
};
const displayName = canary('DisplayName');
const badToken = `eyJhbGciOiJub25lIn0.${canary('BadToken')}.${canary('BadSignature')}`;
const planted = canary('Planted');

const seeds: readonly (readonly [path: string, body: unknown])[] = [
  [
    '/deviceManagement/deviceConfigurations',
    {
      '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
      displayName: `${displayName} profile`,
      omaSettings: [
        omaSetting('./Vendor/Secret', contents.encryptedOma, true),
        omaSetting('./Vendor/Plain', contents.plainOma, false),
      ],
    },
  ],
  [
    '/deviceManagement/configurationPolicies',
    {
      name: `${displayName} settings`,
      platforms: 'windows10',
      settings: [{ settingInstance: { simpleSettingValue: { value: contents.setting } } }],
    },
  ],
  [
    '/deviceManagement/deviceManagementScripts',
    { displayName: `${displayName} script`, scriptContent: contents.script },
  ],
];

function omaSetting(omaUri: string, value: string, isEncrypted: boolean) {
  const type = '#microsoft.graph.omaSettingString';
  return { '@odata.type': type, displayName: 'OMA', omaUri, value, isEncrypted };
}

let under: StackUnderTest;
let operator: ApiUser;
let owner: ApiUser;
/** The answers of the API, except contents of snapshots. */
const answers: string[] = [];

function recorded(user: ApiUser): ApiUser {
  return {
    ...user,
    async call(method, path, body) {
      const answer: ApiAnswer = await user.call(method, path, body);
      const isContent = path.includes('/snapshots/') && answer.status === 200;
      const { content: _content, ...rest } = isContent
        ? answer.json<Record<string, unknown>>()
        : { content: null, text: answer.text };
      answers.push(JSON.stringify([...answer.headers]), JSON.stringify(rest));
      return answer;
    },
  };
}

beforeAll(async () => {
  under = await startStackUnderTest({
    ENTRA_CLIENT_SECRET: clientSecret,
    SNAPSHOT_ENCRYPTION_KEYS: `canary:${snapshotKey}`,
    LOG_LEVEL: 'trace',
  });
  operator = recorded(await under.signIn('Alpine Ski House', 'operator'));
  owner = recorded(await under.signIn('Alpine Ski House', 'owner'));
}, 120_000);

afterAll(() => under.stop(), 60_000);

/** A sync, successful captures, and every kind of recorded failure. */
async function useAndDisturb(): Promise<void> {
  for (const [path, body] of seeds) {
    await under.simulator.seed(operator.tenantId, path, [JSON.stringify(body)]);
  }
  await runToEnd(operator, '/tenants/{t}/inventory-syncs');
  const listed = await wholeList<Policy>(operator, '/tenants/{t}/policies');
  const policies = listed.filter((policy) => policy.displayName.startsWith(displayName));
  expect(policies).toHaveLength(seeds.length);
  for (const policy of policies) {
    expect(await runToEnd(operator, capturesPath(policy))).toMatchObject({ status: 'succeeded' });
    const { contentBytes } = await newestSnapshot(operator, policy.id);
    expect(Object.values(contents).some((word) => contentBytes.includes(word))).toBe(true);
  }
  for (const effect of [
    { status: 400 },
    { status: 403 },
    { status: 401 },
    { status: 429, retryAfter: 1 },
    { status: 500 },
    { drop: 'before' },
  ]) {
    // Twice: the client retries a 401 once with a fresh token, and the activity retries the others once.
    await under.simulator.faults([{ match: { path: '/deviceManagement/' }, times: 2, effect }]);
    await runToEnd(operator, capturesPath(policies[0]));
  }
  await searchForGroups();
  await under.simulator.faults([]);
  await under.simulator.throttle({ latencyMs: 1_000 });
  const { run } = await started(operator.call('POST', capturesPath(policies[1]), {}));
  await untilGraphIsCalled(under, new RegExp(policies[1]?.graphId ?? ''));
  await crash(under, 'postgres');
  await untilEnded(operator, run.id);
  await under.simulator.throttle({});
  await refuseWhatIsBad(policies[0]);
}

/**
 * The API sends the owner's token to the directory and gets another token; neither may leave a trace, even after
 * failures.
 */
async function searchForGroups(): Promise<void> {
  const search = '/tenants/{t}/directory/group-search?q=a';
  for (const effect of [{}, { status: 401 }, { status: 403 }, { status: 503 }, { drop: 'after' }]) {
    await under.simulator.faults([{ match: { path: '/groups' }, times: 2, effect }]);
    const { status } = await owner.call('GET', search);
    expect([effect, status < 500 || status === 503]).toEqual([effect, true]);
  }
}

/** Invalid tokens, a misplaced secret, and a hanging Temporal. */
async function refuseWhatIsBad(policy: Policy | undefined): Promise<void> {
  for (const token of [
    badToken,
    `${operator.token}x`,
    await under.simulator.appToken(owner.tenantId),
  ]) {
    const response = await fetch(`${under.stack.apiUrl}/api/v1/me?access_token=${operator.token}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(401);
    answers.push(await response.text());
  }
  const wrongBody = { types: [contents.setting], extra: clientSecret };
  expect((await operator.call('POST', '/tenants/{t}/inventory-syncs', wrongBody)).status).toBe(400);
  under.stack.kill('temporal', 'SIGSTOP');
  try {
    expect((await operator.call('POST', capturesPath(policy), {})).status).toBe(503);
  } finally {
    under.stack.kill('temporal', 'SIGCONT');
  }
  for (const list of ['runs', 'policies', 'members'])
    await wholeList(owner, `/tenants/{t}/${list}`);
  await wholeList(operator, '/notifications');
}

/** Puts a word into every kind of sink, like a careless program. */
async function plant(): Promise<void> {
  const log = logFileOf(openStackHome(under.stack.home), 'worker');
  await appendFile(log, `${JSON.stringify({ token: Buffer.from(planted).toString('base64') })}\n`);
  await under.temporal.workflow.start('planted', {
    workflowId: 'planted',
    taskQueue: 'planted',
    args: [{ inside: planted }],
  });
  const path = `/tenants/{t}/members/${owner.tenantId}:00000000-0000-4000-8000-000000000000`;
  await expectAnswer(owner.call('PUT', path, { role: 'reader', displayName: planted }));
}

describe('secrets', () => {
  // Catches: an error, header or body copied into a log or a history; a message of a database or of Graph in a row;
  // content stored without encryption; a display name in an argument of an activity.
  it('are in no log, no history, no row and no answer, after use and failures of every kind', async () => {
    await useAndDisturb();
    await plant();
    const temporal: Sinks = new Map([
      ...(await temporalFileSinks(under)),
      ...(await historySinks(under)),
    ]);
    const rest: Sinks = new Map([
      ...(await logSinks(under)),
      ...(await tableSinks(under)),
      ['answers of the API', Buffer.from(answers.join('\n'))],
    ]);
    const everywhere: Sinks = new Map([...temporal, ...rest]);
    expect(sinksWith(everywhere, planted)).toEqual(
      expect.arrayContaining([
        'worker.log',
        expect.stringMatching(/^temporal\.db/),
        expect.stringMatching(/^history of planted/),
        'table members',
        'answers of the API',
      ]),
    );
    const databasePassword = new URL(under.stack.databaseUrl).password;
    const secrets = [clientSecret, snapshotKey, databasePassword, ...Object.values(contents)];
    for (const secret of [...secrets, ...badToken.split('.').slice(1)]) {
      expect([secret, sinksWith(everywhere, secret)]).toEqual([secret, []]);
    }
    for (const { token } of [operator, owner]) {
      const [, claims = '', signature = ''] = token.split('.');
      for (const part of [claims, signature]) expect(sinksWith(everywhere, part)).toEqual([]);
    }
    expect(sinksWithTokens(everywhere)).toEqual([]);
    expect(sinksWith(temporal, displayName)).toEqual([]);
    expect(sinksWith(rest, displayName)).toContain('table policies');
  }, 180_000);
});
