// Intune's ids are GUIDs, GUIDs with a suffix, small numbers and words: all far shorter than this.
const graphIdCharsMax = 256;

/**
 * True if the value can be the id of a Graph object and a segment of a path. Dots alone would leave the collection;
 * separators or blanks would address another resource.
 */
export function isGraphId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= graphIdCharsMax &&
    /^[\w.~:@!$&'()*+,;=-]+$/.test(value) &&
    !/^\.+$/.test(value)
  );
}

/** True if two ids name the same object: Graph ignores the case of ids. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Identifies an object of Graph among objects of all policy types; the case of the id does not matter. */
export function policyKey(policyType: string, graphId: string): string {
  return `${policyType} ${graphId.toLowerCase()}`;
}
