import serialize from 'canonicalize';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The canonical JSON of a value by RFC 8785 (JCS).
 * Takes plain JSON values. Throws a TypeError for what has no canonical form: NaN, infinities and lone surrogates.
 */
export function canonicalJson(value: Json): string {
  const text = serialize(value);
  if (text === undefined) throw new TypeError('the value has no canonical JSON form');
  if (!text.isWellFormed())
    throw new TypeError('a string with a lone surrogate has no canonical JSON form');
  return text;
}
