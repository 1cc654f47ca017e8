import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  mapAt,
  ownMember,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import type { RestoreStep } from '#domain/policy-types/restore-rule.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, idOf, listOf } from './gap.ts';
import { objectUrl } from './graph-url.ts';
import { pair } from './pair.ts';
import { write } from './write.ts';

const definitions = '/deviceManagement/groupPolicyDefinitions';

/** Writes the values of an administrative template in one request: added, updated and deleted ones. */
export function definitionValueWrites(
  { compare, desired, live, path }: Gap,
  { child, nested }: Extract<RestoreStep, { step: 'updateDefinitionValues' }>,
): PlannedWrite[] {
  const wanted = listOf(desired, child);
  if (wanted === null) return [];
  const names = ['children', child];
  const comparable = (value: Parsed) =>
    mapAt(mapAt(value, ['definition'], idAlone), [nested, 'presentation'], idAlone);
  const { changed, missing, surplus } = pair(
    wanted,
    listOf(live, child) ?? [],
    definitionOf,
    (one, other) => compare.same(names, comparable(one), comparable(other)),
  );
  if (changed.length + missing.length + surplus.length === 0) return [];
  const bodyOf = (value: Parsed, old: Parsed | null): ParsedObject => {
    const content = compare.content(names, without(value, 'definition'));
    const values = inner(value, nested).map((each) =>
      presentationBody(each, definitionOf(value), old === null ? [] : inner(old, nested), (own) =>
        compare.content([...names, nested], own),
      ),
    );
    return {
      ...(old === null ? {} : { id: idOf(old) }),
      ...(isParsedObject(content) ? content : {}),
      'definition@odata.bind': objectUrl(definitions, definitionOf(value)),
      [nested]: values,
    };
  };
  const body = {
    added: missing.map((value) => bodyOf(value, null)),
    updated: changed.map((each) => bodyOf(each.desired, each.live)),
    deletedIds: surplus.map(idOf),
  };
  const request = write('updateDefinitionValues', 'POST', `${path}/updateDefinitionValues`, body);
  return [{ ...request, repeatable: missing.length === 0 }];
}

function presentationBody(
  value: Parsed,
  definitionId: string,
  old: readonly Parsed[],
  content: (own: Parsed) => Parsed,
): Parsed {
  const presentationId = idOf(memberOf(value, 'presentation'));
  const known = old.find((each) => idOf(memberOf(each, 'presentation')) === presentationId);
  const own = content(without(value, 'presentation'));
  const key = encodeURIComponent(presentationId);
  return {
    ...(known === undefined ? {} : { id: idOf(known) }),
    ...(isParsedObject(own) ? own : {}),
    'presentation@odata.bind': `${objectUrl(definitions, definitionId)}/presentations('${key}')`,
  };
}

function inner(value: Parsed, name: string): readonly Parsed[] {
  const found = memberOf(value, name);
  return Array.isArray(found) ? found : [];
}

function definitionOf(value: Parsed): string {
  return idOf(memberOf(value, 'definition'));
}

function memberOf(value: Parsed, name: string): Parsed {
  return (isParsedObject(value) ? ownMember(value, name) : undefined) ?? null;
}

function without(value: Parsed, name: string): Parsed {
  return isParsedObject(value) ? withoutKeys(value, (key) => key === name) : value;
}

function idAlone(value: Parsed): Parsed {
  return isParsedObject(value) ? withoutKeys(value, (key) => key !== 'id') : value;
}
