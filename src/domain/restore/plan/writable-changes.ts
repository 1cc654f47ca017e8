import type { Change } from '#domain/diff/diff.ts';
import { memberPath } from '#domain/diff/path.ts';
import type { RestoreRule, RestoreStep } from '#domain/policy-types/restore-rule.ts';
import type { PlanWarning } from '#domain/restore/plan.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';

interface Comparison {
  /** From the live to the desired document. */
  readonly found: readonly Change[];
  readonly rule: RestoreRule;
  readonly desired: PolicyDocument;
  /** Null for an object to be created. */
  readonly live: PolicyDocument | null;
  /** Properties and children with a masked secret: see maskedPlaces. */
  readonly masked: readonly string[];
  /** True if the plan has any write. */
  readonly writes: boolean;
}

interface Sorted {
  /** The changes that the plan's writes make. */
  readonly changes: readonly Change[];
  /** About differences that stay. */
  readonly warnings: readonly PlanWarning[];
}

/** Separates the differences that the plan's requests change from those that stay. */
export function writableChanges({
  desired,
  found,
  live,
  masked,
  rule,
  writes,
}: Comparison): Sorted {
  const refused = refusedPlaces(rule, live === null);
  if (live === null) {
    return { changes: found.filter(({ path }) => !isWithin(path, refused)), warnings: [] };
  }
  // A PUT sent for another reason also removes unknown properties.
  const unknown = rule.update === 'PATCH' || !writes ? unknownPlaces(desired, live) : [];
  const secret = rule.update === 'PATCH' ? masked : [];
  const changes: Change[] = [];
  const warnings: PlanWarning[] = [];
  for (const change of found) {
    const { path } = change;
    if (isWithin(path, unknown)) continue;
    if (isWithin(path, secret)) {
      const message = `${path} belongs to a secret that Graph withholds; it stays as it is.`;
      warnings.push({ code: 'secret_kept', message });
    } else if (!writes || isWithin(path, refused)) {
      const message = `${path} differs, and Graph offers no way to change it.`;
      warnings.push({ code: 'not_writable', message });
    } else {
      changes.push(change);
    }
  }
  return { changes, warnings };
}

/** Properties that Graph refuses in a request for the whole object and that no other step writes. */
function refusedPlaces(rule: RestoreRule, isNew: boolean): string[] {
  const brought = new Set(rule.steps.flatMap(propertiesOf));
  return (isNew ? rule.stripOnCreate : rule.stripOnUpdate)
    .filter((property) => !brought.has(property))
    .map((property) => `item.${property}`);
}

function propertiesOf(step: RestoreStep): string[] {
  if (step.step === 'postProperty') return [step.property];
  if (step.step === 'targetApps') return ['appGroupType'];
  return step.step === 'setPriority' ? ['priority'] : [];
}

/** An older capture lacks properties that Graph has added since; the restore leaves them alone. */
function unknownPlaces(desired: PolicyDocument, live: PolicyDocument): string[] {
  return Object.keys(live.item)
    .filter((property) => !Object.hasOwn(desired.item, property))
    .map((property) => memberPath('item', property));
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some(
    (place) => path.startsWith(place) && ['', '.', '['].includes(path.charAt(place.length)),
  );
}
