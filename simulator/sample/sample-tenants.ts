import type { SimulatorTenant, SimulatorUser } from '../store/tenant.ts';
import { sampleId } from './sample-id.ts';

/** The provider's own directory. */
export const providerTenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0001';
/** The sample customers. */
export const alpineTenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02';
export const fabrikamTenantId = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0b03';

/** The product's roles inside a tenant; each sample tenant has one user per role. */
const productRoles = [
  ['reader', 'Rita Lang'],
  ['operator', 'Oskar Frei'],
  ['manager', 'Mara Keller'],
  ['owner', 'Otto Baum'],
] as const;

/** The sample tenants without their objects. */
export function sampleTenants(): SimulatorTenant[] {
  return [
    {
      tenantId: providerTenantId,
      displayName: 'Northwind Managed Services',
      home: true,
      users: [providerAdministrator()],
    },
    customer(alpineTenantId, 'Alpine Ski House', 'alpineskihouse.example'),
    customer(fabrikamTenantId, 'Fabrikam Clinics', 'fabrikam.example'),
  ];
}

/** The users of a customer's tenant, one per role. Their passwords are no secrets: they open only sample data. */
export function roleUsers(tenantId: string, domain: string): SimulatorUser[] {
  return productRoles.map(([role, displayName]) => ({
    id: sampleId(tenantId, `user:${role}`),
    userPrincipalName: `${role}@${domain}`,
    displayName,
    password: `Sample-${role}-1`,
    roles: [],
    suggestedRole: role,
  }));
}

function providerAdministrator(): SimulatorUser {
  return {
    id: sampleId(providerTenantId, 'user:admin'),
    userPrincipalName: 'admin@northwind.example',
    displayName: 'Nora Winther',
    password: 'Sample-admin-1',
    roles: ['Tenantry.Admin'],
    suggestedRole: 'admin',
  };
}

function customer(tenantId: string, displayName: string, domain: string): SimulatorTenant {
  return { tenantId, displayName, home: false, users: roleUsers(tenantId, domain) };
}
