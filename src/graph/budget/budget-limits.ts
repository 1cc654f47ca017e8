import type { GraphService } from './budget.ts';

/** What is counted: the requests of each service, and the writes where they have a limit beside it. */
export type BudgetName = GraphService | 'intuneWrites' | 'entraWrites';

/** Where a service counts its writes; null where they count as requests only. */
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
 * When to come back after a 429 that does not say: half of Intune's window of 20 s, by which about half of what was
 * counted has left it, and two of conditional access' windows.
 */
export const throttledSeconds: Readonly<Record<GraphService, number>> = {
  intune: 10,
  conditionalAccess: 2,
  entra: 10,
};

/** What Microsoft documents for one application in one tenant ("service-specific throttling limits"). */
const documentedLimits: Readonly<Record<BudgetName, ServiceLimit>> = {
  intune: { requests: 1_000, windowSeconds: 20 },
  intuneWrites: { requests: 100, windowSeconds: 20 },
  // For all applications together, and refused without a Retry-After. The window is one of a second; a twentieth more is for
  // what a request takes on its way, which differs from one to the next by more than the slots of so short a window.
  conditionalAccess: { requests: 1, windowSeconds: 1.05 },
  // 3,500 resource units in the smallest tenants; a page of groups costs three.
  entra: { requests: 1_000, windowSeconds: 10 },
  entraWrites: { requests: 3_000, windowSeconds: 150 },
};

/**
 * The budget is half of what is documented unless configured otherwise: the limits are shared with the tenant's
 * other tools and its administrators' consoles.
 */
export const budgetSharePercentDefault = 50;

/**
 * Takes the share of the documented limits that we may use, 1 to 100 percent, and returns each service's budget. One
 * request a second is not shared: half of it would make every listing seconds longer, and a refusal costs but a wait.
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
