/** What happens to a call that a rule matches. */
export interface FaultEffect {
  readonly status?: number;
  /** The value of Retry-After, as is. */
  readonly retryAfter?: number | string;
  /** The same inside Intune's own JSON, where it stands when the header is missing. */
  readonly nestedRetryAfter?: number | string;
  readonly delayMs?: number;
  readonly drop?: 'before' | 'after' | 'late';
}

/** A rule as it is given. */
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

/** The rules in force, tried in order; the first that matches acts. */
export class Faults {
  #rules: ActiveRule[] = [];

  /** Replaces all rules. Throws SyntaxError for a path that is no regular expression. */
  replace(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({
      rule,
      path: rule.match.path === undefined ? null : new RegExp(rule.match.path),
      left: rule.times ?? Number.POSITIVE_INFINITY,
    }));
  }

  /** The rules in force and how often each will still act; null for those without a limit. */
  list(): (FaultRule & { readonly left: number | null })[] {
    return this.#rules.map(({ rule, left }) => ({
      ...rule,
      left: Number.isFinite(left) ? left : null,
    }));
  }

  /** The effect for a call, which uses up one of the rule's times; null if no rule matches. */
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
