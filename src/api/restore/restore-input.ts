import { z } from 'zod';
import { type BodyOf, guidInput } from '#api/http/input-schemas.ts';
import type { AskedParameters } from '#domain/run/run-parameters.ts';
import type { RestoreRequest } from '#domain/run/run-requests.ts';

/** As many as the largest tenants have policies; whoever wants all of a set names none. */
const itemIdsMax = 5_000;
/** More groups than the policies of a tenant are assigned to. */
const groupMappingMax = 500;
/** Room for the longest list of ids and the longest mapping, each GUID with its punctuation. */
export const restoreBodyBytesMax = 256 * 1024;

/** Refuses what a record would take in silence: a name that it drops, and names of which the last would count. */
function refuseLostNames(mapping: unknown, ctx: z.core.ParsePayload): unknown {
  if (typeof mapping !== 'object' || mapping === null) return mapping;
  const seen = new Set<string>();
  for (const name of Object.keys(mapping)) {
    const message = name === '__proto__' ? notAGroup : 'names a group that is named already';
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
    .describe('Whose backup set it is, where that is another tenant'),
  itemIds: z
    .array(guidInput)
    .min(1)
    .max(itemIdsMax)
    .optional()
    .describe('Backup item ids; all items of the set where it is left out'),
  groupMapping: groupMappingInput.optional(),
  allowBroadAssignments: z
    .boolean()
    .optional()
    .describe('Whether assignments to all users or devices go into another tenant, too'),
  conditionalAccessState: z
    .literal('asBackedUp')
    .optional()
    .describe('Writes the state of conditional access policies, too; else new ones are disabled'),
} satisfies BodyOf<RestoreRequest>;

/** What a preview of a restore takes. */
export const previewBody = z.strictObject(restoreShape);

/** What a restore takes. */
export const restoreBody = z.strictObject({
  ...restoreShape,
  previewRunId: guidInput
    .optional()
    .describe('Carries out what that preview has shown, and nothing else'),
} satisfies BodyOf<AskedParameters<'restore.execute'>>);
