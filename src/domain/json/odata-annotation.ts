/**
 * Takes the key of a member and says whether it tells of the answer and not of the object. The type of an object is
 * content: without it a restore would not know what to make.
 */
export function isAnnotation(key: string): boolean {
  return key !== '@odata.type' && (key.includes('@odata.') || key.startsWith('#'));
}
