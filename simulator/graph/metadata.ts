/** The amount of OData metadata in an answer. */
export type MetadataLevel = 'none' | 'minimal' | 'full';

/** Returns the metadata level of an Accept header; Graph's default is minimal. */
export function metadataLevel(accept: string | undefined): MetadataLevel {
  const level = /odata\.metadata\s*=\s*"?(none|minimal|full)/i.exec(accept ?? '')?.[1];
  const lower = level?.toLowerCase();
  return lower === 'none' || lower === 'full' ? lower : 'minimal';
}
