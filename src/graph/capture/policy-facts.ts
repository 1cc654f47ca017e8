import { toStorableText } from '#domain/json/storable-text.ts';
import type { PlatformRule, PolicyType } from '#domain/policy-types/policy-type.ts';
import { stringMember, type JsonObject } from '#graph/port/parse-answer.ts';
import type { PolicyFacts } from './policy-index.ts';
import { matchesRule } from './revision.ts';

const odataTypePrefix = '#microsoft.graph.';

/** Returns the inventory's facts about an object. */
export function policyFacts(
  object: JsonObject,
  graphId: string,
  policyType: PolicyType,
): PolicyFacts {
  const odataType = stringMember(object, '@odata.type');
  const platform = platformOf(object, odataType, policyType.platform);
  return {
    graphId,
    displayName: toStorableText(stringMember(object, policyType.nameProperty) ?? ''),
    platform: platform === null ? null : toStorableText(platform),
    lastModifiedAt: timestamp(stringMember(object, 'lastModifiedDateTime')),
    odataType: odataType === null ? null : toStorableText(odataType),
  };
}

function platformOf(
  object: JsonObject,
  odataType: string | null,
  rule: PlatformRule,
): string | null {
  switch (rule.from) {
    case 'property':
      return stringMember(object, rule.property);
    case 'constant':
      return rule.platform;
    case 'none':
      return null;
    case 'odataType': {
      const name = odataType?.startsWith(odataTypePrefix)
        ? odataType.slice(odataTypePrefix.length)
        : '';
      return rule.prefixes.find(({ prefix }) => name.startsWith(prefix))?.platform ?? null;
    }
  }
}

/** Graph writes "never" as the year 1; it and any malformed time count as unknown. */
function timestamp(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) {
    return null;
  }
  const time = Date.parse(text);
  if (Number.isNaN(time)) return null;
  const date = new Date(time);
  return date.getUTCFullYear() > 1 ? date.toISOString() : null;
}

/** True for one of Microsoft's own objects in a list, in contrast to the tenant's policies. */
export function isBuiltIn(object: JsonObject, policyType: PolicyType): boolean {
  const rule = policyType.list.builtInWhen;
  return rule !== null && matchesRule(object, rule);
}
