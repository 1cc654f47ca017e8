import { sampleId } from './sample-id.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

/** What most objects of Intune have: an id that is always the same, dates, a name with the customer's prefix, a tag. */
export function sampleBase({ prefix, tenantId }: SampleProfile, name: string) {
  return {
    id: sampleId(tenantId, name),
    ...sampleDates,
    displayName: `${prefix} ${name}`,
    description: '',
    roleScopeTagIds: ['0'],
  };
}

/** Text as Intune keeps contents: base64 of its UTF-8. */
export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
