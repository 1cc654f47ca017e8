/** How much OData metadata an answer carries. */
export type MetadataLevel = 'none' | 'minimal' | 'full';

/** The metadata level that an Accept header asks for; minimal is Graph's default. */
export function metadataLevel(accept: string | undefined): MetadataLevel {
  const level = /odata\.metadata\s*=\s*"?(none|minimal|full)/i.exec(accept ?? '')?.[1];
  const lower = level?.toLowerCase();
  return lower === 'none' || lower === 'full' ? lower : 'minimal';
}
