import type { GraphService } from './budget.ts';

/** A counter of the budget: the requests of a service, or its writes if Microsoft limits them separately. */
export type BudgetName = GraphService | 'intuneWrites' | 'entraWrites';

/** The write counter of each service; null if its writes count only as requests. */
export const writesOf: Readonly<Record<GraphService, BudgetName | null>> = {
  intune: 'intuneWrites',
  conditionalAccess: null,
  entra: 'entraWrites',
};

export interface ServiceLimit {
  readonly requests: number;
  readonly windowSeconds: number;
}

/**
 * Delay after a 429 without Retry-After. Intune: half its window of 20 s, so that about half of the counted requests
 * have left the window. Conditional Access: two of its windows.
 */
export const throttledSeconds: Readonly<Record<GraphService, number>> = {
  intune: 10,
  conditionalAccess: 2,
  entra: 10,
};

/** Limits for one application in one tenant, from Microsoft's "service-specific throttling limits". */
const documentedLimits: Readonly<Record<BudgetName, ServiceLimit>> = {
  intune: { requests: 1_000, windowSeconds: 20 },
  intuneWrites: { requests: 100, windowSeconds: 20 },
  // One limit for all applications together; Graph refuses without a Retry-After. The documented window is 1 s; 5 %
  // more allows for network jitter, which is larger than a slot of so short a window.
  conditionalAccess: { requests: 1, windowSeconds: 1.05 },
  // 3,500 resource units in the smallest tenants; a page of groups costs three.
  entra: { requests: 1_000, windowSeconds: 10 },
  entraWrites: { requests: 3_000, windowSeconds: 150 },
};

/** Half of the documented limits: the tenant's other tools and admin consoles share them. */
export const budgetSharePercentDefault = 50;

/**
 * Returns each counter's limit for a share of 1 to 100 percent of the documented limits. Conditional Access keeps its
 * whole request per second: half of it would add seconds to every listing, and a refusal costs only a wait.
 */
export function budgetLimits(
  sharePercent: number = budgetSharePercentDefault,
): Readonly<Record<BudgetName, ServiceLimit>> {
  return {
    intune: shareOf(documentedLimits.intune, sharePercent),
    intuneWrites: shareOf(documentedLimits.intuneWrites, sharePercent),
    conditionalAccess: documentedLimits.conditionalAccess,
    entra: shareOf(documentedLimits.entra, sharePercent),
    entraWrites: shareOf(documentedLimits.entraWrites, sharePercent),
  };
}

function shareOf({ requests, windowSeconds }: ServiceLimit, percent: number): ServiceLimit {
  return { requests: Math.floor((requests * percent) / 100), windowSeconds };
}
