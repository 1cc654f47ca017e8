const graphRoot = 'https://graph.microsoft.com/beta';

/** The address of an object of Graph inside a body. Graph reads only its path, also in national clouds. */
export function objectUrl(collection: string, id: string): string {
  return `${graphRoot}${collection}('${encodeURIComponent(id)}')`;
}

/** The address of the written object itself; sending fills in its id. */
export function ownObjectUrl(collection: string): string {
  return `${graphRoot}${collection}('{id}')`;
}
