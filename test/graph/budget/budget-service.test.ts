import { describe, expect, it } from '@jest/globals';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { budgetLimits } from '#graph/budget/budget-limits.ts';
import { serviceOfPath } from '#graph/budget/budget-service.ts';

describe('serviceOfPath', () => {
  it.each([
    ['/deviceManagement/configurationPolicies?$top=5', 'intune'],
    ['/deviceAppManagement/mobileApps', 'intune'],
    ['/identity/conditionalAccess/policies/1', 'conditionalAccess'],
    ['/Identity/ConditionalAccess/namedLocations', 'conditionalAccess'],
    ['/identityProtection/riskyUsers', 'conditionalAccess'],
    ['/identityGovernance/termsOfUse/agreements', 'entra'],
    ['/identity?$filter=a/conditionalAccess', 'entra'],
    ["/groups('x')/members", 'entra'],
    ['/users', 'entra'],
  ])('%s counts against the limit of %s', (path, service) => {
    expect(serviceOfPath(path)).toBe(service);
  });

  it('serviceOfPath knows every collection of the catalogue', () => {
    for (const { collection } of policyTypes) {
      const isIntunes = /^\/device(App)?Management\//.test(collection);
      expect([collection, serviceOfPath(collection) === 'intune']).toEqual([collection, isIntunes]);
    }
  });
});

describe('budgetLimits', () => {
  it('the budget is half of the documented limits by default, and at least one request', () => {
    expect(budgetLimits()).toEqual({
      intune: { requests: 500, windowSeconds: 20 },
      intuneWrites: { requests: 50, windowSeconds: 20 },
      conditionalAccess: { requests: 1, windowSeconds: 1.05 },
      entra: { requests: 500, windowSeconds: 10 },
      entraWrites: { requests: 1_500, windowSeconds: 150 },
    });
    expect(budgetLimits(1)).toMatchObject({
      intune: { requests: 10, windowSeconds: 20 },
      intuneWrites: { requests: 1, windowSeconds: 20 },
      conditionalAccess: { requests: 1, windowSeconds: 1.05 },
    });
  });
});
