import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { type Gap, listOf } from './gap.ts';
import { pair } from './pair.ts';
import { write } from './write.ts';

/** The value for a setting without a value: Graph has no way to remove a setting. */
const noValue = 'null';

/** Writes the settings of an intent: `POST {item}/updateSettings` sets the named settings and leaves the others. */
export function intentSettingWrites(
  { compare, desired, live, path }: Gap,
  child: string,
): PlannedWrite[] {
  const wanted = listOf(desired, child);
  if (wanted === null) return [];
  const names = ['children', child];
  const { changed, missing, surplus } = pair(
    wanted,
    listOf(live, child) ?? [],
    (setting) => compare.keyOf(names, setting),
    (one, other) => compare.same(names, one, other),
  );
  const unset = surplus.filter((setting) => !isUnset(setting)).map(withoutValue);
  const settings = [...missing, ...changed.map((each) => each.desired), ...unset];
  if (settings.length === 0) return [];
  const body = { settings: settings.map((setting) => compare.content(names, setting)) };
  return [write('updateSettings', 'POST', `${path}/updateSettings`, body)];
}

function isUnset(setting: Parsed): boolean {
  return isParsedObject(setting) && ownMember(setting, 'valueJson') === noValue;
}

function withoutValue(setting: Parsed): Parsed {
  if (!isParsedObject(setting)) return setting;
  const own = Object.entries(setting).filter(([name]) => name !== 'value');
  return { ...Object.fromEntries(own), valueJson: noValue };
}
