import { isSecureEnough } from '#domain/network/secure-url.ts';
import { GraphError } from './graph-error.ts';

/** The only origin and paths allowed to receive the token. */
export interface TrustedBase {
  /** In the form of URL.origin. */
  readonly origin: string;
  /** Path with the version, between slashes: `/beta/`. */
  readonly pathPrefix: string;
}

// Graph's links stay below two thousand characters; servers limit request lines to eight or sixteen thousand.
const linkCharsMax = 16_384;

/**
 * Parses the configured base URL.
 * @throws RangeError unless it is https, or http on loopback (the simulator), without user info, query and fragment.
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

/**
 * Returns the absolute URL of a path relative to the version root, `/deviceManagement/...`.
 * @throws GraphError untrusted_link if it leaves the root.
 */
export function urlOfPath(base: TrustedBase, path: string): string {
  return checkedLink(base, `${base.origin}${base.pathPrefix}${path.replace(/^\/+/, '')}`);
}

/** Returns a link from an answer unchanged if the token may follow it. @throws GraphError untrusted_link otherwise. */
export function checkedLink(base: TrustedBase, link: string): string {
  if (!isTrusted(base, link)) {
    throw new GraphError({ kind: 'untrusted_link', code: 'untrusted_link', notSent: true });
  }
  return link;
}

/** True if a link stays on the origin and under the version root, however a parser reads it. */
export function isTrusted(base: TrustedBase, link: string): boolean {
  // Parsers accept blanks, controls and backslashes, each in its own way, so a link must be printable ASCII.
  if (link.length > linkCharsMax || !/^[!-[\]-~]+$/.test(link)) return false;
  // The slash after the origin leaves no room for user info, a longer host or another port.
  if (!link.startsWith(`${base.origin}/`) || !URL.canParse(link)) return false;
  const url = new URL(link);
  // URL has resolved dot segments, encoded ones too. Encoded slashes depend on the server, so they are refused.
  return url.pathname.startsWith(base.pathPrefix) && !/%(2f|5c|00)/i.test(url.pathname);
}

/**
 * True if a nextLink names the collection of its request. OData may write `items('id')/settings` for
 * `items/id/settings`, so only the last segments must agree.
 */
export function isSameCollection(asked: string, link: string): boolean {
  return lastSegment(asked) === lastSegment(link);
}

function lastSegment(pathOrUrl: string): string {
  const path = pathOrUrl.split(/[?#]/, 1)[0] ?? '';
  return path.replace(/\/+$/, '').split('/').at(-1)?.toLowerCase() ?? '';
}
