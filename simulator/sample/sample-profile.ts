import { alpineTenantId, fabrikamTenantId } from './sample-tenants.ts';

/** What differs between the sample customers. */
export interface SampleProfile {
  readonly tenantId: string;
  /** How the customer's administrators begin the names of policies. */
  readonly prefix: string;
  readonly domain: string;
  readonly sites: readonly string[];
  readonly passwordLength: number;
  readonly country: string;
}

/** The sample customers. */
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
