import { child, collection } from './collection-type.ts';

const directory = {
  inV1: true,
  v1Omits: [],
  scopeTags: null,
  dated: false,
  pageSize: 100,
  topMax: 999,
  service: 'directory',
} as const;

/** Entra's groups; members are named by id inside a group and served as objects. */
export const groups = collection('/groups', 'group', {
  ...directory,
  children: [child('members'), child('owners')],
});
