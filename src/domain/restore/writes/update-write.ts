import { ownMember, type ParsedObject } from '#domain/json/parsed-object.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import type { Gap } from './gap.ts';
import { maskedAlike, withoutMasks } from './secrets.ts';
import { odataType, writableItem } from './writable-item.ts';
import { write } from './write.ts';

/** The name of the write that changes an object's own properties. */
const updateWriteName = 'update';

/**
 * The write for the item itself: a PATCH of the differing properties, or a PUT of the whole. Properties absent from the
 * desired item are not written: an older capture knows fewer.
 */
export function updateWrites(gap: Gap): PlannedWrite[] {
  const { compare, desired, path, rule, type } = gap;
  const strip = [...rule.stripOnUpdate, ...(gap.inPlace ? rule.stripInPlace : [])];
  if (rule.update === 'PUT') {
    const own = writableItem(compare, desired.item, strip);
    const children = childrenOfPut(gap);
    const differs =
      changedOf(gap, own, strip).length > 0 || children.some(([name]) => changedChild(gap, name));
    const body = { ...odataType(desired.item), ...own, ...Object.fromEntries(children) };
    return differs ? [write(updateWriteName, 'PUT', path, body)] : [];
  }
  const own = writableItem(compare, withoutMasks(desired.item, type), strip);
  const changed = changedOf(gap, own, strip);
  if (changed.length === 0) return [];
  const body = { ...odataType(desired.item), ...Object.fromEntries(changed) };
  return [write(updateWriteName, 'PATCH', path, body)];
}

function changedOf(gap: Gap, own: ParsedObject, strip: readonly string[]) {
  const { compare, desired, live } = gap;
  const masked = writableItem(compare, maskedAlike(desired.item, live.item, compare.keyOf), strip);
  const there = writableItem(compare, live.item, strip);
  return Object.entries(own).filter(
    ([name]) => !compare.same(['item', name], ownMember(masked, name), ownMember(there, name)),
  );
}

function childrenOfPut({ compare, desired, rule }: Gap): [string, ParsedObject[string]][] {
  const names = rule.create.by === 'post' ? rule.create.withChildren : [];
  return names
    .filter((name) => Object.hasOwn(desired.children, name))
    .map((name) => [
      name,
      compare.content(['children', name], ownMember(desired.children, name) ?? null),
    ]);
}

function changedChild({ compare, desired, live }: Gap, name: string): boolean {
  const [wanted, there] = [desired, live].map(({ children }) => ownMember(children, name));
  return !compare.same(['children', name], wanted, there);
}
