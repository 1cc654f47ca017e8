import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, messageOf, startTestClient, testGroups, toGroup, write } from './client.ts';

const catalog = '/deviceManagement/configurationPolicies';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
  await client.seed(catalog, { id: 'a', name: 'A', assignments: [toGroup('deleted-group')] });
});

afterAll(() => client.simulator.close());

function assign(...assignments: unknown[]) {
  return write(client, 'POST', `${catalog}/a/assign`, { assignments });
}

describe('the /assign action of the simulator', () => {
  // Catches: assignments to missing objects (Intune refuses the whole set), and an error without the reason.
  it.each([
    ['a group that the directory does not have', toGroup('nobody'), 'Group nobody'],
    [
      'a filter that the tenant does not have',
      toGroup(testGroups[0], { deviceAndAppManagementAssignmentFilterId: 'nothing' }),
      'Scope Tags validation failed: Filters',
    ],
    ['an inherited assignment', { ...toGroup(testGroups[0]), source: 'policySets' }, 'policySets'],
    ['an assignment without a target', { intent: 'required' }, 'must have a target'],
  ])('/assign refuses the whole set for %s', async (_what, assignment, words) => {
    const answer = await assign(toGroup(testGroups[1]), assignment);
    expect(answer.status).toBe(400);
    expect(JSON.parse(messageOf(answer))).toMatchObject({
      _version: 3,
      Message: expect.stringContaining(words),
      ErrorSourceService: '',
    });
    expect(idsOf(await client.graph(`${catalog}/a/assignments`))).toEqual(['a_deleted-group']);
  });

  // Catches: a growing set, one group twice, and the zero GUID taken for a filter.
  it('/assign replaces the whole set and keeps each group once', async () => {
    const none = '00000000-0000-0000-0000-000000000000';
    const again = toGroup(testGroups[0], { deviceAndAppManagementAssignmentFilterId: none });
    expect((await assign(toGroup(testGroups[0]), toGroup(testGroups[1]), again)).status).toBe(200);
    const ids = idsOf(await client.graph(`${catalog}/a/assignments`));
    expect(ids).toEqual([`a_${testGroups[0]}`, `a_${testGroups[1]}`]);
    expect((await assign()).status).toBe(200);
    expect(idsOf(await client.graph(`${catalog}/a/assignments`))).toEqual([]);
  });
});
