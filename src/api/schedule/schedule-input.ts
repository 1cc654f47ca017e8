import { z } from 'zod';
import { isOneChoice, oneChoiceMessage, selectionShape } from '#api/backup/backup-selection.ts';
import { guidInput, nameInput } from '#api/http/input-schemas.ts';
import type { ScheduleDefinition } from '#db/schedule/backup-schedules.ts';
import type { DriftScheduleDefinition } from '#db/schedule/drift-schedules.ts';
import { cronMistake, normalCron } from '#domain/schedule/cron.ts';
import { isTimeZone } from '#domain/schedule/time-zone.ts';

/** More sets of one schedule than anybody looks through. */
const keepLastMax = 1_000;
/** Ten years. */
const keepDaysMax = 3_660;

/** No delay unless one is asked for: Graph limits each tenant by itself, and what workers cannot do at once waits. */
const defaultJitterSeconds = 0;
const jitterSecondsMax = 6 * 3_600;

/** What is up to an hour late is still that of the night; after a longer outage the next one is soon enough. */
const defaultCatchUpSeconds = 3_600;
/** Temporal checks every ten seconds what is due. */
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

/** What schedules of both kinds say. */
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
    .describe('How late a run may start that was missed while Temporal was away'),
};

/** A schedule of backups as it is written: whole, also where it replaces another one. */
export const backupScheduleBody = z.strictObject({
  ...timesShape,
  selection: z.strictObject(selectionShape).refine(isOneChoice, oneChoiceMessage),
  retention: z
    .strictObject({
      keepLast: z.int().min(1).max(keepLastMax).optional(),
      keepDays: z.int().min(1).max(keepDaysMax).optional(),
    })
    .default({})
    .describe('A set is kept as long as one of the two keeps it; with neither, for ever'),
});

/** A schedule of drift checks as it is written: whole, also where it replaces another one. */
export const driftScheduleBody = z.strictObject({
  ...timesShape,
  backupSetId: guidInput.describe('What the tenant is compared with; retention leaves it'),
});

/** What the input says of a schedule of backups, as rows keep it. */
export function backupDefinitionOf(body: z.output<typeof backupScheduleBody>): ScheduleDefinition {
  const { retention, catchUpWindowSeconds, ...rest } = body;
  return {
    ...rest,
    keepLast: retention.keepLast ?? null,
    keepDays: retention.keepDays ?? null,
    catchUpSeconds: catchUpWindowSeconds,
  };
}

/** What the input says of a schedule of drift checks, as rows keep it. */
export function driftDefinitionOf(
  body: z.output<typeof driftScheduleBody>,
): DriftScheduleDefinition {
  const { catchUpWindowSeconds, ...rest } = body;
  return { ...rest, catchUpSeconds: catchUpWindowSeconds };
}
