import type { TrustedBase } from '#graph/port/trusted-url.ts';

/** Graph's limit of requests in one batch. */
export const batchMembersMax = 20;

export interface BatchMember {
  readonly id: string;
  /** Absolute and checked. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the URL for posting a batch. */
export function batchUrl(base: TrustedBase): string {
  return `${base.origin}${base.pathPrefix}$batch`;
}

/** Makes an absolute URL relative to the version root, the form of URLs in a batch. */
export function relativeUrl(base: TrustedBase, url: string): string {
  return url.slice(base.origin.length + base.pathPrefix.length - 1);
}

/** Returns the JSON text of a batch. It can hold only GETs. */
export function envelopeText(base: TrustedBase, members: readonly BatchMember[]): string {
  return JSON.stringify({
    requests: members.map(({ id, url, headers }) => ({
      id,
      method: 'GET',
      url: relativeUrl(base, url),
      headers,
    })),
  });
}
