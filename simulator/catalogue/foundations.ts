import { objectOf, stringOf, withMember } from '../json/object.ts';
import { assigning } from './assign-action.ts';
import { assignments, child } from './child-collection.ts';
import { collection } from './collection-type.ts';
import { refuseWhileInUse } from './in-use.ts';

/** Assignment filters. Their scope tags are in `roleScopeTags`, and a used one cannot be deleted. */
export const assignmentFilters = collection(
  '/deviceManagement/assignmentFilters',
  'deviceAndAppManagementAssignmentFilter',
  {
    scopeTags: 'roleScopeTags',
    children: [child('payloads')],
    unpatchable: ['platform'],
    checkDelete: refuseWhileInUse('The assignment filter is associated with a policy'),
  },
);

const defaultScopeTag = objectOf({
  id: '0',
  displayName: 'Default',
  description: '',
  isBuiltIn: true,
  permissions: [],
});

/** Scope tags: numbered, with unique names, and always with the built-in one. */
export const roleScopeTags = collection('/deviceManagement/roleScopeTags', 'roleScopeTag', {
  ids: 'number',
  uniqueBy: 'displayName',
  createStatus: 200,
  scopeTags: null,
  dated: false,
  children: [assignments()],
  assign: assigning(),
  initial: (body) => withMember(body, 'isBuiltIn', 'false'),
  derived: () => [defaultScopeTag],
  checkDelete: (stored) =>
    stringOf(stored, 'id') === '0' ? 'The built-in scope tag cannot be deleted' : null,
});

/** Categories users choose for their devices. */
export const deviceCategories = collection('/deviceManagement/deviceCategories', 'deviceCategory', {
  inV1: true,
  dated: false,
});
