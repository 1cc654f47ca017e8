import { sampleId } from './sample-id.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

/** Properties common to most Intune objects: a stable id, dates, a name with the customer's prefix, a scope tag. */
export function sampleBase({ prefix, tenantId }: SampleProfile, name: string) {
  return {
    id: sampleId(tenantId, name),
    ...sampleDates,
    displayName: `${prefix} ${name}`,
    description: '',
    roleScopeTagIds: ['0'],
  };
}

/** Encodes text as Intune stores contents: base64 of UTF-8. */
export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
