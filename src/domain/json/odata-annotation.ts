/**
 * True if a member is no content of its object: control information of OData, a note of the service
 * (`@microsoft.graph.tips`), or an action that Graph offers (`#microsoft.graph.assign`). The type of an object is
 * content: a restore needs it to make the object.
 */
export function isAnnotation(key: string): boolean {
  if (key === '@odata.type') return false;
  return key.includes('@odata.') || key.includes('@microsoft.') || key.startsWith('#');
}
