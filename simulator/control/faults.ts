/** The effect of a rule on a matching call. */
export interface FaultEffect {
  readonly status?: number;
  /** The value of Retry-After, sent unchanged. */
  readonly retryAfter?: number | string;
  /** The same inside Intune's own JSON; Intune puts it there if the header is missing. */
  readonly nestedRetryAfter?: number | string;
  readonly delayMs?: number;
  readonly drop?: 'before' | 'after' | 'late';
}

/** A rule as the control API receives it. */
export interface FaultRule {
  readonly match: { readonly tenant?: string; readonly method?: string; readonly path?: string };
  readonly times?: number;
  readonly probability?: number;
  readonly effect: FaultEffect;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly path: RegExp | null;
  left: number;
}

/** The active rules, tried in order; the first match takes effect. */
export class Faults {
  #rules: ActiveRule[] = [];

  /**
   * Replaces all rules.
   * @throws SyntaxError for a path with an invalid regular expression.
   */
  replace(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({
      rule,
      path: rule.match.path === undefined ? null : new RegExp(rule.match.path),
      left: rule.times ?? Number.POSITIVE_INFINITY,
    }));
  }

  /** Lists the active rules and their remaining uses; null for unlimited. */
  list(): (FaultRule & { readonly left: number | null })[] {
    return this.#rules.map(({ rule, left }) => ({
      ...rule,
      left: Number.isFinite(left) ? left : null,
    }));
  }

  /** Returns the effect for a call and uses up one of the rule's times; null if no rule matches. */
  take(tenant: string, method: string, path: string): FaultEffect | null {
    const active = this.#rules.find(
      (each) => each.left > 0 && matches(each, tenant, method, path) && happens(each.rule),
    );
    if (active === undefined) return null;
    active.left -= 1;
    return active.rule.effect;
  }
}

function matches(
  { rule, path: pattern }: ActiveRule,
  tenant: string,
  method: string,
  path: string,
) {
  const { match } = rule;
  if (match.tenant !== undefined && match.tenant.toLowerCase() !== tenant) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  return pattern === null || pattern.test(path);
}

function happens(rule: FaultRule): boolean {
  return rule.probability === undefined || Math.random() < rule.probability;
}
