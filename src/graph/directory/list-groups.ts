import type { DirectoryGroup } from '#domain/directory/directory-group.ts';
import { guidPattern } from '#domain/identity/principal.ts';
import { toStorableText } from '#domain/json/storable-text.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphRead, GraphReader } from '#graph/port/graph-reader.ts';
import { pages } from '#graph/port/pages.ts';
import { isJsonObject, type JsonObject, memberOf, stringMember } from '#graph/port/parse-answer.ts';

/** Graph's largest page of groups. */
const groupsPerPage = 999;

const properties = [
  'id',
  'displayName',
  'groupTypes',
  'membershipRule',
  'securityEnabled',
  'mailEnabled',
  'onPremisesSyncEnabled',
];
const path = `/groups?$select=${properties.join(',')}&$top=${groupsPerPage}`;

export interface GroupPage {
  readonly groups: readonly DirectoryGroup[];
  readonly nextLink: string | null;
}

/**
 * Yields the groups of a tenant, page by page.
 * @param options.nextLink nextLink of an earlier page, to resume there.
 * @throws GraphError; invalid_response for a group without a usable id, since a list must not silently lack a group.
 */
export async function* listGroups(
  reader: GraphReader,
  { nextLink = null, ...read }: GraphRead & { readonly nextLink?: string | null } = {},
): AsyncGenerator<GroupPage, void, void> {
  for await (const page of pages(reader, path, { ...read, resumeAt: nextLink })) {
    const groups = page.elements.map((element) => {
      const groupId = isJsonObject(element) ? stringMember(element, 'id')?.toLowerCase() : null;
      if (!isJsonObject(element) || !groupId || !guidPattern.test(groupId)) {
        throw new GraphError({
          ...{ kind: 'invalid_response', code: 'bad_object_id', status: 200 },
          requestId: page.requestId,
        });
      }
      return listedGroup(groupId, element);
    });
    yield { groups, nextLink: page.nextLink };
  }
}

function listedGroup(groupId: string, group: JsonObject): DirectoryGroup {
  const types = memberOf(group, 'groupTypes');
  const isDynamic = Array.isArray(types) && types.includes('DynamicMembership');
  const rule = stringMember(group, 'membershipRule');
  return {
    groupId,
    displayName: toStorableText(stringMember(group, 'displayName') ?? ''),
    securityEnabled: memberOf(group, 'securityEnabled') === true,
    mailEnabled: memberOf(group, 'mailEnabled') === true,
    membershipType: isDynamic ? 'dynamic' : 'assigned',
    membershipRule: isDynamic && rule !== null ? toStorableText(rule) : null,
    onPremises: memberOf(group, 'onPremisesSyncEnabled') === true,
  };
}
