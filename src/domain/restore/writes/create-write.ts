import {
  isParsedObject,
  ownMember,
  ownText,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import { createWriteName, type PlannedWrite } from '#domain/restore/planned-write.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';
import type { Gap } from './gap.ts';
import { withoutMasks } from './secrets.ts';
import { odataType, writableItem } from './writable-item.ts';
import { addition, write } from './write.ts';

/** The write that creates an object, and the known state of the object after it. */
interface Creation {
  readonly write: PlannedWrite;
  readonly made: PolicyDocument;
}

/** The first write for a new object. */
export function createWrite(gap: Pick<Gap, 'compare' | 'desired' | 'rule' | 'type'>): Creation {
  const { compare, desired, rule, type } = gap;
  const { create } = rule;
  const own = writableItem(compare, withoutMasks(desired.item, type), rule.stripOnCreate);
  const first = create.by === 'postThenPatch' ? picked(own, create.properties) : own;
  // The body does not repeat properties of the path.
  const sent = withoutKeys(
    first,
    (key) => create.by === 'template' && create.path.includes(`{${key}}`),
  );
  const names = namesOf(create);
  const children = Object.entries(picked(desired.children, Object.keys(names))).map(
    ([name, value]) => [names[name] ?? name, compare.content(['children', name], value)],
  );
  const body = {
    ...odataType(desired.item),
    ...Object.fromEntries(Object.entries(sent).map(notNull(rule.emptyWhenNull))),
    ...Object.fromEntries(children),
  };
  return {
    write: requestOf(gap, body),
    made: {
      item: { ...odataType(desired.item), ...picked(desired.item, Object.keys(first)) },
      children: {
        ...emptied(desired.children),
        ...picked(desired.children, Object.keys(names)),
      },
      assignments: desired.assignments === null ? null : [],
    },
  };
}

function requestOf(
  { desired, rule, type }: Pick<Gap, 'desired' | 'rule' | 'type'>,
  body: ParsedObject,
): PlannedWrite {
  const { create } = rule;
  const idText = (property: string) => encodeURIComponent(ownText(desired.item, property) ?? '');
  if (create.by === 'fixedId') {
    return write(createWriteName, 'PATCH', `${type.collection}/${idText('id')}`, body);
  }
  if (create.by !== 'template') return addition(createWriteName, type.collection, body);
  const path = create.path.replace(/\{(\w+)\}/, (_, property: string) => idText(property));
  return addition(createWriteName, path, body);
}

/** The children inside the body, by their names there. */
function namesOf(create: Gap['rule']['create']): Readonly<Record<string, string>> {
  if (create.by === 'template') return { [create.child]: create.settingsKey };
  if (create.by !== 'post') return {};
  return Object.fromEntries(create.withChildren.map((name) => [name, name]));
}

function notNull(names: readonly string[]) {
  return ([name, value]: [string, ParsedObject[string]]): [string, ParsedObject[string]] => [
    name,
    value === null && names.includes(name) ? '' : value,
  ];
}

function picked(object: ParsedObject, names: readonly string[]): ParsedObject {
  return Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(object, name))
      .map((name) => [name, ownMember(object, name) ?? null]),
  );
}

/** The children of a new object: empty. */
function emptied(children: ParsedObject): ParsedObject {
  return Object.fromEntries(
    Object.entries(children).map(([name, value]) => {
      if (Array.isArray(value)) return [name, []];
      return [name, isParsedObject(value) ? null : value];
    }),
  );
}
