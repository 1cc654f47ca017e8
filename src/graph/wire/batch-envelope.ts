import type { TrustedBase } from '#graph/port/trusted-url.ts';

/** Graph takes no more requests in a batch. */
export const batchMembersMax = 20;

export interface BatchMember {
  readonly id: string;
  /** Absolute, and checked. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes the base and returns the URL that envelopes are posted to. */
export function batchUrl(base: TrustedBase): string {
  return `${base.origin}${base.pathPrefix}$batch`;
}

/** Takes a URL under the base and returns it relative to the version root, as members of a batch are named. */
export function relativeUrl(base: TrustedBase, url: string): string {
  return url.slice(base.origin.length + base.pathPrefix.length - 1);
}

/** Takes members and returns the JSON text of their envelope. All are GETs; nothing else has a place in it. */
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
