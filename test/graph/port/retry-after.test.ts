import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRetryAfter } from '#graph/port/retry-after.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

function intuneBody(retryAfter: unknown): string {
  const message = JSON.stringify({ _version: 3, Message: 'x', RetryAfter: retryAfter });
  return JSON.stringify({ error: { code: 'TooManyRequests', message } });
}

describe('parseRetryAfter', () => {
  it.each([
    ['10', 10],
    [' 10 ', 10],
    ['0', 0],
    ['2.128', 2.128],
    ['Sat, 21 Nov 2026 12:01:30 GMT', 90],
    ['Saturday, 21-Nov-26 12:01:30 GMT', 90],
    ['Fri, 20 Nov 2026 12:00:00 GMT', 0],
    ['Fri, 20 Nov 2126 12:00:00 GMT', 86_400],
    ['999999999', 86_400],
    ['5, 10', 10],
    ['-5', null],
    ['1e3', null],
    ['0x10', null],
    ['Infinity', null],
    ['NaN', null],
    ['', null],
    ['120 apples', null],
    ['soon', null],
    ['Sat, 99 Nov 2026 99:01:30 GMT', null],
    ['9'.repeat(400), null],
  ])('Retry-After header "%s" means %s seconds', (value, seconds) => {
    expect(parseRetryAfter(new Headers({ 'retry-after': value }), null, now)).toBe(seconds);
  });

  it.each([
    [intuneBody(7), 7],
    [intuneBody('7'), 7],
    [intuneBody(0.5), 0.5],
    [intuneBody(null), null],
    [intuneBody(-1), null],
    [intuneBody(1e12), 86_400],
    [intuneBody({ seconds: 7 }), null],
    [JSON.stringify({ error: { message: 'plain text' } }), null],
    [JSON.stringify({ error: { message: '"text"' } }), null],
    [JSON.stringify({ error: null }), null],
    ['<html>', null],
    ['null', null],
  ])('Retry-After in the body %s means %s seconds', (body, seconds) => {
    expect(parseRetryAfter(new Headers(), body, now)).toBe(seconds);
  });

  it('the Retry-After header goes before the body, unless it is malformed', () => {
    expect(parseRetryAfter(new Headers({ 'retry-after': '3' }), intuneBody(7), now)).toBe(3);
    expect(parseRetryAfter(new Headers({ 'retry-after': 'soon' }), intuneBody(7), now)).toBe(7);
  });

  // Catches: a delay refused by Temporal, or of years.
  it('parseRetryAfter returns null or 0 to 86,400 for any input', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]{0,40}$/), fc.jsonValue(), (header, body) => {
        const headers = new Headers({ 'retry-after': header });
        for (const bodyText of [intuneBody(body), JSON.stringify(body), header]) {
          const seconds = parseRetryAfter(headers, bodyText, now);
          if (seconds === null) continue;
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThanOrEqual(86_400);
        }
      }),
    );
  });
});
