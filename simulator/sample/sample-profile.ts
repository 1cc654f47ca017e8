import { alpineTenantId, fabrikamTenantId } from './sample-tenants.ts';

/** The differences between the sample customers. */
export interface SampleProfile {
  readonly tenantId: string;
  /** Prefix of policy names by the customer's administrators. */
  readonly prefix: string;
  readonly domain: string;
  readonly sites: readonly string[];
  readonly passwordLength: number;
  readonly country: string;
}

export const sampleProfiles: readonly SampleProfile[] = [
  {
    tenantId: alpineTenantId,
    prefix: 'ASH',
    domain: 'alpineskihouse.example',
    sites: ['Valley Station', 'Summit Lodge', 'Ski School'],
    passwordLength: 12,
    country: 'CH',
  },
  {
    tenantId: fabrikamTenantId,
    prefix: 'FAB',
    domain: 'fabrikam.example',
    sites: ['North Clinic', 'South Clinic', 'Laboratory'],
    passwordLength: 14,
    country: 'DE',
  },
];
