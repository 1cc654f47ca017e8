import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cronMistake, normalCron } from '#domain/schedule/cron.ts';
import { isTimeZone } from '#domain/schedule/time-zone.ts';

/** A value, a range or a step of a field, written from its meaning. */
function part(min: number, max: number): fc.Arbitrary<string> {
  const number = fc.integer({ min, max });
  const step = fc.option(fc.integer({ min: 1, max: 59 }), { nil: undefined });
  const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  return fc
    .tuple(fc.oneof(fc.constant('*'), number.map(String), range), step)
    .map(([values, every]) => (every === undefined ? values : `${values}/${every}`));
}

const list = (min: number, max: number) =>
  fc.array(part(min, max), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(','));

describe('a cron expression', () => {
  // Catches: a bound that is off by one, and a refused form of Temporal's.
  it('with five fields is accepted', () => {
    // Up to day 28, because every month has it.
    const fields = fc.tuple(list(0, 59), list(0, 23), list(1, 28), list(1, 12), list(0, 7));
    fc.assert(fc.property(fields, (texts) => expect(cronMistake(texts.join(' '))).toBeNull()));
  });

  it.each([
    '0 2 * * *',
    '*/15 * * * *',
    '5/10 0-6 1,15 JAN,feb Mon-Fri',
    '0 0 29 2 *',
    '0 0 * * 7',
  ])('%s is accepted', (cron) => expect(cronMistake(cron)).toBeNull());

  // Catches: an expression that Temporal would refuse, misread, or never fire.
  it.each([
    ['', 'fields'],
    ['0 2 * *', 'fields'],
    ['0 0 2 * * *', 'fields'],
    ['0 2 * * * # daily', 'fields'],
    ['@daily', 'shorthands'],
    ['@every 5m', 'shorthands'],
    ['TZ=UTC 0 2 * * *', 'timeZone'],
    ['CRON_TZ=Europe/Berlin 0 2 * * *', 'timeZone'],
    ['60 * * * *', 'minute'],
    ['* 24 * * *', 'hour'],
    ['* * 0 * *', 'day of month'],
    ['* * 32 * *', 'day of month'],
    ['* * L * *', 'day of month'],
    ['* * ? * *', 'day of month'],
    ['* * * 13 *', 'month'],
    ['* * * January *', 'month'],
    ['* * * * 8', 'day of week'],
    ['* * * * FRI#2', 'day of week'],
    ['* * * * 5-1', 'before it begins'],
    ['*/0 * * * *', 'step of 0'],
    ['1--2 * * * *', 'minute'],
    ['1-2-3 * * * *', 'minute'],
    ['1/2/3 * * * *', 'minute'],
    ['1,,2 * * * *', 'minute'],
    ['-1 * * * *', 'minute'],
    ['1.5 * * * *', 'minute'],
    ['０ * * * *', 'minute'],
    ['0 0 30 2 *', 'never come'],
    ['0 0 31 4,6,9,11 *', 'never come'],
    [`${'0,'.repeat(200)}0 * * * *`, 'characters'],
  ])('%s is refused, and the reason names the remedy', (cron, reason) => {
    expect(cronMistake(cron)).toContain(reason);
  });

  // Catches: a parser that throws or hangs on some text.
  it('is either accepted or explained, for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const mistake = cronMistake(text);
        expect(mistake === null || mistake.length > 10).toBe(true);
      }),
    );
  });

  it('is stored with one space between its fields', () => {
    expect(normalCron('  0  2 *   * * ')).toBe('0 2 * * *');
  });
});

describe('isTimeZone', () => {
  it.each([
    ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'],
    ['Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'],
    ['America/Port-au-Prince', 'Pacific/Chatham', 'Europe/Kyiv', 'US/Pacific'],
  ])('accepts names of the IANA database, such as %s, %s, %s, %s', (...names) => {
    expect(names.filter((name) => !isTimeZone(name))).toEqual([]);
  });

  // Catches: offsets, which have no summer time; names in a case unknown to Temporal; the server's own zone.
  it('refuses every other text', () => {
    const wrong = [
      '',
      ' ',
      '+02:00',
      'UTC+2',
      'GMT+0200',
      'europe/berlin',
      'EUROPE/BERLIN',
      'Local',
    ];
    const worse = [
      'Mars/Phobos',
      'Etc/Unknown',
      '../etc/passwd',
      'Europe/Berlin\n',
      'x'.repeat(70),
    ];
    expect([...wrong, ...worse].filter(isTimeZone)).toEqual([]);
  });
});
