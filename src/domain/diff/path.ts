import type { Scalar } from './node.ts';
import { scalarText } from './node.ts';

const plainName = /^[A-Za-z_]\w*$/;
const annotation = '@odata.type';
/** Characters of a key that needs no quotes; `+` and `#` join and count, so they need quotes. */
const plainKey = /^[\w:./@-]+$/;
const looksLikeScalar = /^(?:-?\d[\d.eE+-]*|true|false|null)$/;
const typePrefix = '#microsoft.graph.';

/** The path of a member of an object: `parent.name`, or `parent["odd name"]`. */
export function memberPath(parent: string, name: string): string {
  if (!plainName.test(name) && name !== annotation) return `${parent}[${JSON.stringify(name)}]`;
  return parent === '' ? name : `${parent}.${name}`;
}

/** The path of an element of an array, by its label. */
export function elementPath(parent: string, label: string): string {
  return `${parent}[${label}]`;
}

/** The readable form of one part of an element's key, without quotes if it is unambiguous. */
export function keyLabel(value: Scalar): string {
  if (typeof value !== 'string') return scalarText(value);
  const text = value.startsWith(typePrefix) ? value.slice(typePrefix.length) : value;
  return plainKey.test(text) && !looksLikeScalar.test(text) ? text : JSON.stringify(text);
}
