import { z } from 'zod';
import type { ItemPlan } from './plan.ts';
import { isFailureCode } from '#domain/run/failure.ts';

/**
 * The form in which {@link storedPlanText} writes plans. A new form gets the next number and its own reader below; the
 * earlier readers stay, because previews and restores in flight hold plans of earlier code.
 */
const version = 1;

/** A stored plan that this code must not carry out: a later version wrote it, or it is damaged. */
export class StoredPlanError extends Error {
  override readonly name = 'StoredPlanError';
}

const change = z.strictObject({ path: z.string(), before: z.string(), after: z.string() });

const reference = z.strictObject({
  policyType: z.string(),
  sourceGraphId: z.string(),
  graphId: z.string().nullable(),
  resolution: z.enum(['id', 'mapping', 'name', 'planned', 'missing']),
  itemId: z.string().nullable(),
});

const assignment = z.strictObject({
  target: z.string(),
  groupId: z.string().nullable(),
  groupDisplayName: z.string().nullable(),
  filterId: z.string().nullable(),
  filterType: z.string().nullable(),
  intent: z.string().nullable(),
});

/** Strict: an unknown member may be the reason to leave the item alone. */
const firstForm = z.strictObject({
  action: z.enum(['create', 'update', 'none', 'blocked']),
  changes: z.array(change),
  // Documents are text within the text: reading a plan does not touch the numbers of Graph.
  desired: z.string(),
  liveHash: z.string().nullable(),
  references: z.array(reference),
  assignments: z
    .strictObject({ before: z.array(assignment), after: z.array(assignment) })
    .nullable(),
  assignmentsBlocked: z.boolean(),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  blockedBy: z
    .strictObject({ code: z.string().refine(isFailureCode), message: z.string() })
    .nullable(),
}) satisfies z.ZodType<ItemPlan>;

/** Plans from before versions were written have the first form. */
const envelope = z.looseObject({ version: z.int().default(1) });

/** The text under which the plan of an item is kept. */
export function storedPlanText(plan: ItemPlan): string {
  return JSON.stringify({ version, ...plan });
}

/**
 * Reads the plan of an item from its stored text.
 * @throws StoredPlanError for a version that this code does not know, and for a damaged plan.
 */
export function readStoredPlan(text: string): ItemPlan {
  const read = envelope.safeParse(parsed(text));
  if (!read.success) throw new StoredPlanError('the stored plan is damaged');
  const { version: written, ...content } = read.data;
  if (written !== version) {
    throw new StoredPlanError(`the stored plan has version ${written}, this code reads ${version}`);
  }
  const plan = firstForm.safeParse(content);
  if (!plan.success) {
    // Paths only: messages may quote the policy.
    const places = plan.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new StoredPlanError(
      `the stored plan is damaged at ${places === '' ? 'its top' : places}`,
    );
  }
  return plan.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
