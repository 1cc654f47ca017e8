import { NumberLiteral, type Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, ownMember } from '#domain/json/parsed-object.ts';
import { walkObjects } from '#domain/json/walk-objects.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { type Block, blockOf } from '#domain/restore/mapping/findings.ts';
import type { PolicyDocument } from '#domain/json/policy-document.ts';

/** True for a document of an object that every tenant has: a restore never creates or assigns it. */
export function isInPlace({ restore }: PolicyType, { item }: PolicyDocument): boolean {
  const rule = restore?.inPlaceWhen ?? null;
  if (rule === null) return false;
  const value = ownMember(item, rule.property);
  return (value instanceof NumberLiteral ? Number(value.source) : value) === rule.equals;
}

/**
 * The reason for which a policy cannot exist in the tenant, or null. An object that every tenant has cannot be created
 * and matches no other; settings of an uploaded ADMX file have other ids in every tenant.
 */
export function tenantBlock(
  policyType: PolicyType,
  desired: PolicyDocument,
  live: PolicyDocument | null,
  sameTenant: boolean,
): Block | null {
  const inPlace = isInPlace(policyType, desired);
  if (live === null && inPlace) return blockOf('not_portable', 'it is never created');
  if (live !== null && inPlace !== isInPlace(policyType, live)) {
    return blockOf('not_portable', 'only one of the two is an object that every tenant has');
  }
  if (!sameTenant && holdsUploadedSettings(desired)) {
    return blockOf('not_portable', 'it has settings of an uploaded ADMX file');
  }
  return null;
}

function holdsUploadedSettings({ children }: PolicyDocument): boolean {
  for (const part of walkObjects([children])) {
    const value = part as Parsed;
    if (isParsedObject(value) && ownMember(value, 'policyType') === 'admxIngested') return true;
  }
  return false;
}
