const graphRoot = 'https://graph.microsoft.com/beta';

/** The address by which a body names an object of Graph. Graph reads the path of it, in national clouds, too. */
export function objectUrl(collection: string, id: string): string {
  return `${graphRoot}${collection}('${encodeURIComponent(id)}')`;
}

/** The same for the object that a write is for, whose id is filled in when it is sent. */
export function ownObjectUrl(collection: string): string {
  return `${graphRoot}${collection}('{id}')`;
}
