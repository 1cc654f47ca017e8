import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Parsed } from '#domain/json/json-literals.ts';
import { Findings } from '#domain/restore/mapping/findings.ts';
import {
  type AssignmentMapping,
  remapAssignments,
} from '#domain/restore/mapping/remap-assignments.ts';
import type { ResolvedReference } from '#domain/restore/plan.ts';

const filter = 'deviceAndAppManagementAssignmentFilter';
const target = (type: string, more: Record<string, Parsed> = {}) => ({
  target: { '@odata.type': `#microsoft.graph.${type}`, ...more },
});
const included = (groupId: string, more: Record<string, Parsed> = {}) =>
  target('groupAssignmentTarget', { groupId, ...more });
const excluded = (groupId: string) => target('exclusionGroupAssignmentTarget', { groupId });
const filtered = (id: string, type: string) => ({ [`${filter}Id`]: id, [`${filter}Type`]: type });

function remapped(assignments: readonly Parsed[], how: Partial<AssignmentMapping> = {}) {
  const findings = new Findings();
  const mapping: AssignmentMapping = {
    sameTenant: false,
    allowBroadAssignments: false,
    resolve: (_, graphId): ResolvedReference => ({ kind: 'exists', graphId, foundBy: 'id' }),
    groupOf: (id) => (id.startsWith('gone') ? null : `new-${id}`),
    ...how,
  };
  const result = remapAssignments(assignments, mapping, findings);
  return { result, warnings: findings.warnings.map(({ code }) => code), findings };
}

describe('assignments of a backup', () => {
  it('get the tenant’s groups and lose their origin', () => {
    const assignment = { id: 'a', source: 'direct', sourceId: 's', intent: 'required' };
    expect(remapped([{ ...assignment, ...included('G') }, excluded('H')])).toMatchObject({
      result: [{ intent: 'required', ...included('new-g') }, excluded('new-h')],
      warnings: [],
    });
    expect(remapped([included('G')], { groupOf: (id) => id }).result).toEqual([included('G')]);
  });

  it('do not include those inherited from a policy set', () => {
    expect(remapped([{ ...included('g'), source: 'policySets' }])).toMatchObject({
      result: [],
      warnings: [],
    });
  });

  // Catches: an unmapped exclusion left out like an inclusion, so that the policy reaches the excluded people.
  it('are blocked by an unmapped exclusion, and by no unmapped inclusion', () => {
    expect(remapped([included('gone'), included('g')])).toMatchObject({
      result: [included('new-g')],
      warnings: ['group_unmapped'],
    });
    expect(remapped([included('g'), excluded('gone')])).toMatchObject({
      result: null,
      warnings: ['group_unmapped'],
    });
    const cloudPc = target('cloudPcManagementExclusionGroupAssignmentTarget', { groupId: 'gone' });
    expect(remapped([cloudPc]).result).toBeNull();
    expect(remapped([{ target: { groupId: 'gone' } }]).result).toBeNull();
  });

  // Catches: a target that may exclude left out like one without a meaning in another tenant.
  it('are blocked in another tenant by a possible exclusion without a group', () => {
    for (const unknown of [{ target: {} }, target('somethingNewExclusionTarget')]) {
      expect(remapped([included('g'), unknown])).toMatchObject({
        result: null,
        warnings: ['assignment_not_portable'],
      });
      const sameTenant = remapped([included('g'), unknown], { sameTenant: true });
      expect(sameTenant).toMatchObject({ result: [included('new-g'), unknown], warnings: [] });
    }
  });

  it('reach all users or devices of another tenant only with permission', () => {
    const broad = [
      target('allDevicesAssignmentTarget'),
      target('allLicensedUsersAssignmentTarget'),
    ];
    expect(remapped([...broad, included('g')])).toMatchObject({
      result: [included('new-g')],
      warnings: ['broad_assignment', 'broad_assignment'],
    });
    expect(remapped(broad, { allowBroadAssignments: true })).toMatchObject({
      result: broad,
      warnings: [],
    });
    expect(remapped(broad, { sameTenant: true })).toMatchObject({ result: broad, warnings: [] });
  });

  it('lose targets without a meaning in another tenant', () => {
    const collection = target('configurationManagerCollectionAssignmentTarget', {
      collectionId: 'c',
    });
    const unknown = target('somethingNewAssignmentTarget');
    expect(remapped([collection, unknown], { allowBroadAssignments: true })).toMatchObject({
      result: [],
      warnings: ['assignment_not_portable', 'assignment_not_portable'],
    });
    expect(remapped([collection], { sameTenant: true }).result).toEqual([collection]);
  });

  // Catches: a filter left out, so that the policy reaches the whole group.
  it('are blocked by a missing filter, unless it filters nothing', () => {
    const resolve = (): ResolvedReference => ({ kind: 'missing' });
    for (const type of ['include', 'exclude', 'somethingNew']) {
      const blocked = remapped([included('g', filtered('f', type))], { resolve });
      expect(blocked).toMatchObject({ result: null, warnings: ['filter_unmapped'] });
      expect(blocked.findings.references).toMatchObject([{ resolution: 'missing' }]);
    }
    expect(remapped([included('g', filtered('f', 'none'))], { resolve })).toMatchObject({
      result: [included('new-g', { [`${filter}Id`]: null, [`${filter}Type`]: 'none' })],
      warnings: [],
    });
    // An omitted group needs no filter.
    expect(remapped([included('gone', filtered('f', 'include'))], { resolve }).result).toEqual([]);
  });

  it('get the tenant’s filter', () => {
    const resolve = (policyType: string, id: string): ResolvedReference => ({
      kind: 'planned',
      itemId: `${policyType}-${id}`,
    });
    const assignment = included('g', filtered('F', 'include'));
    expect(remapped([assignment], { resolve }).result).toEqual([
      included('new-g', filtered('tenantry:created:assignmentFilter-f', 'include')),
    ]);
  });

  // Catches: the last of two assignments of one group winning.
  it('are blocked if two groups in different ways become one, and are merged if in the same way', () => {
    const groupOf = () => 'one';
    expect(remapped([included('g'), excluded('h')], { groupOf })).toMatchObject({
      result: null,
      warnings: ['group_mapping_conflict'],
    });
    expect(
      remapped([included('g'), included('h', filtered('f', 'include'))], { groupOf }).result,
    ).toBeNull();
    expect(remapped([included('g'), included('h')], { groupOf }).result).toEqual([included('one')]);
    // As in the backup.
    const twice = [
      { intent: 'available', ...included('g') },
      { intent: 'required', ...included('g') },
    ];
    expect(remapped(twice, { groupOf }).result).toHaveLength(2);
  });

  const anyGroup = fc.constantFrom('g', 'h', 'i', 'gone', 'gone2');
  const anyAssignment = fc.oneof(
    anyGroup.map((group) => included(group)),
    anyGroup.map(excluded),
    fc
      .tuple(anyGroup, fc.constantFrom('f', 'missing'))
      .map(([group, id]) => included(group, filtered(id, 'include'))),
    fc.constant(target('allDevicesAssignmentTarget')),
  );

  // Catches: any narrowing part of a set left out: the rule behind all the others.
  it('never reach people outside the backup’s assignments', () => {
    const resolve = (_: string, id: string): ResolvedReference =>
      id === 'missing' ? { kind: 'missing' } : { kind: 'exists', graphId: id, foundBy: 'id' };
    fc.assert(
      fc.property(fc.array(anyAssignment, { maxLength: 5 }), fc.boolean(), (assignments, broad) => {
        const { result } = remapped(assignments, { resolve, allowBroadAssignments: broad });
        if (result === null) return;
        const narrowing = (list: readonly Parsed[]) =>
          list.filter((one) => /exclusion|FilterType":"include/.test(JSON.stringify(one)));
        const wanted = new Set(narrowing(assignments).map((one) => JSON.stringify(one)));
        const kept = new Set(
          narrowing(result).map((one) => JSON.stringify(one).replaceAll('new-', '')),
        );
        const lost = [...wanted].filter((one) => !kept.has(one));
        // Only the inclusion of a deleted group may go, with its filter.
        for (const one of lost) expect(one).toMatch(/"#microsoft.graph.groupA.*"gone/);
        const unfiltered = result.filter((one) => !narrowing([one]).length);
        for (const one of unfiltered) {
          const text = JSON.stringify(one).replaceAll('new-', '');
          expect(assignments.map((each) => JSON.stringify(each))).toContain(text);
        }
      }),
    );
  });
});
