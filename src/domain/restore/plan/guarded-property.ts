import type { Parsed } from '#domain/json/json-literals.ts';
import { jsonText } from '#domain/json/json-text.ts';
import { ownMember } from '#domain/json/parsed-object.ts';
import type { RestoreRule } from '#domain/policy-types/restore-rule.ts';
import type { PlanWarning, RestoreOptions } from '#domain/restore/plan.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';

/**
 * Guards a property that could lock people out: a new object gets the harmless value, an existing one keeps its own. A
 * warning reports a value that differs from the backup's.
 */
export function withGuard(
  rule: RestoreRule | null,
  desired: PolicyDocument,
  live: PolicyDocument | null,
  options: RestoreOptions,
): { readonly document: PolicyDocument; readonly warnings: readonly PlanWarning[] } {
  const guarded = rule?.guarded ?? null;
  if (guarded === null || options[guarded.option] === 'asBackedUp') {
    return { document: desired, warnings: [] };
  }
  const { property, whenCreated } = guarded;
  const kept: Parsed =
    live === null ? whenCreated : (ownMember(live.item, property) ?? whenCreated);
  const backedUp = ownMember(desired.item, property) ?? null;
  const document = { ...desired, item: { ...desired.item, [property]: kept } };
  if (jsonText(backedUp) === jsonText(kept)) return { document, warnings: [] };
  const how = live === null ? `is created as ${whenCreated}` : 'keeps its present value';
  return {
    document,
    warnings: [
      {
        code: 'state_not_restored',
        message: `item.${property} has another value in the backup; it ${how}.`,
      },
    ],
  };
}
