import { z } from 'zod';
import { type BodyOf, guidInput } from '#api/http/input-schemas.ts';
import type { AskedParameters } from '#domain/run/run-parameters.ts';
import type { RestoreRequest } from '#domain/run/run-requests.ts';

/** The number of policies in the largest tenants; a restore of a whole set names none. */
const itemIdsMax = 5_000;
/** More than the groups in the assignments of a tenant. */
const groupMappingMax = 500;
/** Enough for the longest list of ids and the longest mapping, with punctuation. */
export const restoreBodyBytesMax = 256 * 1024;

/** Refuses names that a record would lose in silence: `__proto__`, and a GUID in two spellings. */
function refuseLostNames(mapping: unknown, ctx: z.core.ParsePayload): unknown {
  if (typeof mapping !== 'object' || mapping === null) return mapping;
  const seen = new Set<string>();
  for (const name of Object.keys(mapping)) {
    const message = name === '__proto__' ? notAGroup : 'names the same group twice';
    const lost = name === '__proto__' || seen.has(name.toLowerCase());
    if (lost) ctx.issues.push({ code: 'custom', message, input: mapping, path: [name] });
    seen.add(name.toLowerCase());
  }
  return mapping;
}

const notAGroup = 'must be the GUID of a group of the source';

const groupMappingInput = z
  .preprocess(
    refuseLostNames,
    z
      .record(guidInput, guidInput, {
        error: ({ code }) => (code === 'invalid_key' ? notAGroup : undefined),
      })
      .refine((mapping) => Object.keys(mapping).length <= groupMappingMax, {
        error: `must have ${groupMappingMax} groups at most`,
      }),
  )
  .describe('From ids of groups in the source to ids of groups in the tenant');

const restoreShape = {
  backupSetId: guidInput,
  sourceTenantId: guidInput
    .optional()
    .describe('The tenant of the backup set, if it is another one'),
  itemIds: z
    .array(guidInput)
    .min(1)
    .max(itemIdsMax)
    .optional()
    .describe('Backup item ids; all items of the set by default'),
  groupMapping: groupMappingInput.optional(),
  allowBroadAssignments: z
    .boolean()
    .optional()
    .describe('Restores assignments to all users or devices also into another tenant'),
  conditionalAccessState: z
    .literal('asBackedUp')
    .optional()
    .describe(
      'Restores the state of conditional access policies; by default, new ones are disabled',
    ),
} satisfies BodyOf<RestoreRequest>;

export const previewBody = z.strictObject(restoreShape);

export const restoreBody = z.strictObject({
  ...restoreShape,
  previewRunId: guidInput.optional().describe('Carries out exactly the plan of that preview'),
} satisfies BodyOf<AskedParameters<'restore.execute'>>);
