import { isSecureEnough } from '#domain/network/secure-url.ts';
import { GraphError } from './graph-error.ts';

/** Where the token may go: this origin and these paths, nowhere else. */
export interface TrustedBase {
  /** As URL.origin writes it. */
  readonly origin: string;
  /** Path with the version, both slashes at the ends: `/beta/`. */
  readonly pathPrefix: string;
}

// Graph's links stay below two thousand characters; request lines of servers end at eight to sixteen thousand.
const linkCharsMax = 16_384;

/**
 * Takes the configured base URL and the version. Throws a RangeError for anything but https, or http on
 * loopback (the simulator), and for bases with user info, query or fragment.
 */
export function trustedBase(baseUrl: string, version: string): TrustedBase {
  const url = new URL(baseUrl);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!bare || !isSecureEnough(url)) {
    throw new RangeError(
      'the Graph base URL must be https, or http on loopback, without user info',
    );
  }
  return { origin: url.origin, pathPrefix: `${url.pathname.replace(/\/+$/, '')}/${version}/` };
}

/** Takes a path under the version, `/deviceManagement/...`, and returns the absolute URL. Throws GraphError. */
export function urlOfPath(base: TrustedBase, path: string): string {
  return checkedLink(base, `${base.origin}${base.pathPrefix}${path.replace(/^\/+/, '')}`);
}

/**
 * Takes a link that came out of an answer and returns it unchanged when the token may follow it. Throws a
 * GraphError of kind untrusted_link otherwise.
 */
export function checkedLink(base: TrustedBase, link: string): string {
  if (!isTrusted(base, link)) {
    throw new GraphError({ kind: 'untrusted_link', code: 'untrusted_link', notSent: true });
  }
  return link;
}

/** Takes a link and says whether it stays on the origin and under the version root, however it is resolved. */
export function isTrusted(base: TrustedBase, link: string): boolean {
  // Parsers forgive blanks, controls and backslashes, and not all in the same way: a link is printable ASCII.
  if (link.length > linkCharsMax || !/^[!-[\]-~]+$/.test(link)) return false;
  // The slash after the origin leaves no room for user info, a longer host or another port.
  if (!link.startsWith(`${base.origin}/`) || !URL.canParse(link)) return false;
  const url = new URL(link);
  // URL has resolved dot segments by now, encoded ones too. Encoded slashes it leaves to the server's taste.
  return url.pathname.startsWith(base.pathPrefix) && !/%(2f|5c|00)/i.test(url.pathname);
}

/**
 * Takes the URL asked for and the nextLink of its answer, and says whether both name the same collection.
 * OData may write `items('id')/settings` where `items/id/settings` was asked for, so the last segment decides.
 */
export function isSameCollection(asked: string, link: string): boolean {
  return lastSegment(asked) === lastSegment(link);
}

function lastSegment(pathOrUrl: string): string {
  const path = pathOrUrl.split(/[?#]/, 1)[0] ?? '';
  return path.replace(/\/+$/, '').split('/').at(-1)?.toLowerCase() ?? '';
}
