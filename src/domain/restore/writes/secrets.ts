import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  ownMember,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import { secretMask } from '#domain/json/secret-mask.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { holdsMask } from '#domain/restore/masked-secrets.ts';
import type { Compare } from './compare.ts';

/** An item without the properties that contain a mask: written back, the mask would become the secret. */
export function withoutMasks(item: ParsedObject, type: PolicyType): ParsedObject {
  return withoutKeys(item, (key) => holdsMask(ownMember(item, key) ?? null, type));
}

/**
 * The desired item with a mask at every element that is masked in the live item. Graph does not reveal the live secret,
 * so it counts as the desired one.
 */
export function maskedAlike(
  desired: ParsedObject,
  live: ParsedObject,
  keyOf: Compare['keyOf'],
): ParsedObject {
  return Object.fromEntries(
    Object.entries(desired).map(([name, value]) => {
      const shown = ownMember(live, name);
      if (!Array.isArray(value) || !Array.isArray(shown)) return [name, value];
      const keyed = (element: Parsed) => keyOf(['item', name], element);
      const masked = new Set(shown.filter(isMasked).map(keyed));
      return [name, value.map((element) => (masked.has(keyed(element)) ? mask(element) : element))];
    }),
  );
}

function isMasked(element: Parsed): boolean {
  return isParsedObject(element) && ownMember(element, 'value') === secretMask;
}

function mask(element: Parsed): Parsed {
  return isParsedObject(element) ? { ...element, value: secretMask } : element;
}
