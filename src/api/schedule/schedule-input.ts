import { z } from 'zod';
import { isOneChoice, oneChoiceMessage, selectionShape } from '#api/backup/backup-selection.ts';
import { guidInput, nameInput } from '#api/http/input-schemas.ts';
import type { ScheduleDefinition } from '#db/schedule/schedules.ts';
import { cronMistake, normalCron } from '#domain/schedule/cron.ts';
import { isTimeZone } from '#domain/schedule/time-zone.ts';

/** More sets of one schedule than an administrator looks through. */
const keepLastMax = 1_000;
/** Ten years. */
const keepDaysMax = 3_660;

/** No delay by default: Graph limits each tenant by itself, and runs wait if the workers are busy. */
const defaultJitterSeconds = 0;
const jitterSecondsMax = 6 * 3_600;

/** A backup up to an hour late still counts for its night; after a longer outage the next one is soon enough. */
const defaultCatchUpSeconds = 3_600;
/** Temporal looks for due schedules every ten seconds. */
const catchUpSecondsMin = 60;
const catchUpSecondsMax = 7 * 24 * 3_600;

const cronInput = z
  .string()
  .superRefine((text, context) => {
    const mistake = cronMistake(text);
    if (mistake !== null) context.addIssue(mistake);
  })
  .transform(normalCron)
  .describe(
    'Minute, hour, day of month, month, day of week, as Temporal reads them: a day must suit both its fields; a time ' +
      'that the change to summer time leaves out is skipped, one that comes twice starts two runs, of which the ' +
      'second joins the first while that runs',
  );

const timeZoneInput = z
  .string()
  .refine(isTimeZone, 'must be the name of an IANA time zone, such as UTC or Europe/Berlin')
  .default('UTC');

/** The members of schedules of both kinds. */
const timesShape = {
  name: nameInput,
  cron: cronInput,
  timeZone: timeZoneInput,
  paused: z.boolean().default(false),
  jitterSeconds: z
    .int()
    .min(0)
    .max(jitterSecondsMax)
    .default(defaultJitterSeconds)
    .describe('A random delay of at most this'),
  catchUpWindowSeconds: z
    .int()
    .min(catchUpSecondsMin)
    .max(catchUpSecondsMax)
    .default(defaultCatchUpSeconds)
    .describe('The largest delay of a run missed during an outage of Temporal'),
};

/** A backup schedule as a client sends it; a replacement is complete, too. */
export const backupScheduleBody = z.strictObject({
  ...timesShape,
  selection: z.strictObject(selectionShape).refine(isOneChoice, oneChoiceMessage),
  retention: z
    .strictObject({
      keepLast: z.int().min(1).max(keepLastMax).optional(),
      keepDays: z.int().min(1).max(keepDaysMax).optional(),
    })
    .default({})
    .describe('A set is kept as long as one of the two keeps it; without both, forever'),
});

/** A schedule of drift checks as a client sends it; a replacement is complete, too. */
export const driftScheduleBody = z.strictObject({
  ...timesShape,
  backupSetId: guidInput.describe('The set to compare the tenant with; retention never deletes it'),
});

export type ScheduleBodySchema = typeof backupScheduleBody | typeof driftScheduleBody;

/** The definition of a schedule as rows keep it. */
export function definitionOf(body: z.output<ScheduleBodySchema>): ScheduleDefinition {
  const { catchUpWindowSeconds: catchUpSeconds, ...rest } = body;
  if ('backupSetId' in rest) return { ...rest, catchUpSeconds };
  const { retention, ...backup } = rest;
  const { keepLast = null, keepDays = null } = retention;
  return { ...backup, catchUpSeconds, keepLast, keepDays };
}
