import serialize from 'canonicalize';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The canonical JSON of a value by RFC 8785 (JCS).
 * @throws TypeError for a value without a canonical form: NaN, infinities and lone surrogates
 */
export function canonicalJson(value: Json): string {
  const text = serialized(value);
  if (text === undefined) throw new TypeError('the value has no canonical JSON form');
  return text;
}

/** The library throws a bare Error; the caller could not distinguish it from a bug here. */
function serialized(value: Json): string | undefined {
  try {
    return serialize(value);
  } catch (cause) {
    throw new TypeError('the value has no canonical JSON form', { cause });
  }
}
