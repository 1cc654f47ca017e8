interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for the numbers from `min` on, in lower case. */
  readonly words: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: months },
  // Temporal accepts 7 for Sunday, too.
  { name: 'day of week', min: 0, max: 7, words: weekdays },
];

/** Days of each month in the longest year. */
const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Longer than any expression a person writes; a list of all minutes has 180 characters. */
const charactersMax = 256;

const remedy = 'give minute, hour, day of month, month and day of week, for example "0 2 * * *"';

/**
 * Checks a cron expression of five fields as Temporal reads it: lists, ranges and steps of numbers, and the first three
 * letters of months and weekdays. A day must fit both of its fields, of month and of week. Deliberately refused:
 * seconds, years, `@every` and the other shorthands, and a time zone, because the schedule has its own field for it.
 * @returns the fault and its remedy; null for a valid expression
 */
export function cronMistake(cron: string): string | null {
  if (cron.length > charactersMax) return `must have ${charactersMax} characters at most`;
  if (cron.startsWith('@')) return `shorthands are not taken; ${remedy}`;
  if (cron.includes('=')) return `the time zone belongs into timeZone; ${remedy}`;
  const texts = cron.split(' ').filter((text) => text !== '');
  if (texts.length !== fields.length) {
    return `must have 5 fields and has ${texts.length}; ${remedy}`;
  }
  const values: (readonly number[])[] = [];
  for (const [index, field] of fields.entries()) {
    const read = readField(field, texts[index] ?? '');
    if (typeof read === 'string') return read;
    values.push(read);
  }
  const [, , days = [], chosenMonths = []] = values;
  const comes = chosenMonths.some((month) =>
    days.some((day) => day <= (daysOfMonths[month - 1] ?? 0)),
  );
  return comes ? null : 'names a day that none of its months has, so it would never come';
}

/** An expression with one space between its fields. */
export function normalCron(cron: string): string {
  return cron
    .split(' ')
    .filter((text) => text !== '')
    .join(' ');
}

/** @returns the numbers of a field, or its fault */
function readField(field: Field, text: string): readonly number[] | string {
  const numbers: number[] = [];
  for (const part of text.split(',')) {
    const read = readPart(field, part);
    if (typeof read === 'string') return read;
    numbers.push(...read);
  }
  return numbers;
}

const partPattern = /^(?:\*|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:\/(\d{1,2}))?$/i;

function readPart(field: Field, part: string): readonly number[] | string {
  const { name, min, max } = field;
  const wrong = `${name}: ${JSON.stringify(part)} is not a number from ${min} to ${max}, a range or a step`;
  const match = partPattern.exec(part);
  if (match === null) return wrong;
  const [, from, to, stepText] = match;
  const start = from === undefined ? min : valueOf(field, from);
  // A single number with a step means "from there on".
  const openEnd = from === undefined || (to === undefined && stepText !== undefined);
  const end = openEnd ? max : valueOf(field, to ?? from);
  const step = stepText === undefined ? 1 : Number(stepText);
  if (start === null || end === null) return wrong;
  if (end < start) return `${name}: ${JSON.stringify(part)} ends before it begins`;
  if (step === 0) return `${name}: ${JSON.stringify(part)} has a step of 0`;
  const numbers: number[] = [];
  for (let number = start; number <= end; number += step) numbers.push(number);
  return numbers;
}

function valueOf({ min, max, words }: Field, text: string): number | null {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return min + word;
  if (!/^\d{1,2}$/.test(text)) return null;
  const number = Number(text);
  return number >= min && number <= max ? number : null;
}
