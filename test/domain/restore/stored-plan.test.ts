import { describe, expect, it } from '@jest/globals';
import type { ItemPlan } from '#domain/restore/plan.ts';
import { readStoredPlan, StoredPlanError, storedPlanText } from '#domain/restore/stored-plan.ts';

const assignment = {
  target: 'groupAssignmentTarget',
  groupId: 'g-1',
  groupDisplayName: 'Everybody in Böblingen',
  filterId: null,
  filterType: null,
  intent: 'required',
};

const plan: ItemPlan = {
  action: 'update',
  changes: [{ path: 'item.version', before: '1.0', after: '12345678901234567890' }],
  desired:
    '{"item":{"version":12345678901234567890,"share":1.50},"children":{},"assignments":null}',
  liveHash: 'a'.repeat(64),
  references: [
    {
      policyType: 'scopeTag',
      sourceGraphId: 's-1',
      graphId: null,
      resolution: 'planned',
      itemId: 'i-1',
    },
  ],
  assignments: { before: [], after: [assignment] },
  assignmentsBlocked: false,
  warnings: [{ code: 'group_unmapped', message: 'Group g-2 has no counterpart.' }],
  blockedBy: null,
};
const blocked: ItemPlan = {
  ...plan,
  action: 'blocked',
  assignments: null,
  blockedBy: { code: 'needs_secret', message: 'A secret is needed.' },
};

/** The text that code before stored plans had a version wrote for `plan`; never to be changed. */
const firstText =
  '{"action":"update","changes":[{"path":"item.version","before":"1.0","after":"12345678901234567890"}],' +
  '"desired":"{\\"item\\":{\\"version\\":12345678901234567890,\\"share\\":1.50},\\"children\\":{},\\"assignments\\":null}",' +
  `"liveHash":"${'a'.repeat(64)}",` +
  '"references":[{"policyType":"scopeTag","sourceGraphId":"s-1","graphId":null,"resolution":"planned","itemId":"i-1"}],' +
  '"assignments":{"before":[],"after":[{"target":"groupAssignmentTarget","groupId":"g-1",' +
  '"groupDisplayName":"Everybody in Böblingen","filterId":null,"filterType":null,"intent":"required"}]},' +
  '"assignmentsBlocked":false,"warnings":[{"code":"group_unmapped","message":"Group g-2 has no counterpart."}],' +
  '"blockedBy":null}';

const textWith = (changes: object) => JSON.stringify({ ...plan, ...changes });

describe('readStoredPlan', () => {
  // Catches: numbers of a document that pass through JavaScript's, and a member that the schema forgets.
  it.each([plan, blocked])('reads the plan that storedPlanText wrote ($action)', (written) => {
    expect(readStoredPlan(storedPlanText(written))).toEqual(written);
  });

  it('reads a plan without a version as version 1', () => {
    expect(readStoredPlan(firstText)).toEqual(plan);
  });

  // Catches: a plan of later code carried out as far as this code happens to understand it.
  it.each([0, 2, 99])('refuses version %d', (version) => {
    expect(() => readStoredPlan(textWith({ version }))).toThrow(StoredPlanError);
    expect(() => readStoredPlan(textWith({ version }))).toThrow(`version ${version}`);
  });

  it.each([
    ['cut text', firstText.slice(0, -10)],
    ['no text', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a version that is no number', textWith({ version: 'one' })],
    ['a missing document', textWith({ desired: undefined })],
    ['a document that is no text', textWith({ desired: {} })],
    ['an action that no plan has', textWith({ action: 'delete' })],
    ['a change without a value', textWith({ changes: [{ path: 'item.a', before: 'null' }] })],
    ['a code that no failure has', textWith({ blockedBy: { code: 'odd', message: '' } })],
    ['a member that this code does not know', textWith({ onlyIf: 'approved' })],
  ])('refuses %s as damaged', (_, text) => {
    expect(() => readStoredPlan(text)).toThrow(StoredPlanError);
    expect(() => readStoredPlan(text)).toThrow(/damaged/);
  });

  // Catches: a log that quotes a policy.
  it('names the damaged place without its content', () => {
    const text = textWith({
      changes: [{ path: 'item.a', before: 'null', after: { secret: 'hunter2' } }],
    });
    expect(() => readStoredPlan(text)).toThrow(/^the stored plan is damaged at changes\.0\.after$/);
  });
});
