import { z } from 'zod';
import type { Manifest } from '#domain/backup/manifest.ts';

/** Increased when an older Tenantry could not read an archive of this version. */
export const tenantryFormatVersion = 1;
/** The API's maximum length of a set's name. */
const nameCharsMax = 256;
/** More than the number of types. */
const typesMax = 1_000;

const count = z.int().nonnegative();
const word = z.string().regex(/^[A-Za-z][\w :/.-]{0,63}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A policy in the manifest of an archive. */
const policySchema = z.strictObject({
  type: word,
  graphId: z.string().min(1).max(256),
  displayName: z.string(),
  path: z.string().min(1),
  sha256: hash,
  bytes: count,
  complete: z.boolean(),
});

/** `manifest.json` of an archive in our own format, as read: every value is checked before use. */
export const tenantryManifestSchema = z.strictObject({
  format: z.literal('tenantry'),
  formatVersion: z.literal(tenantryFormatVersion),
  tenantId: z.string().max(64),
  backupSetId: z.string().max(64),
  name: z.string().trim().min(1).max(nameCharsMax),
  createdAt: z.iso.datetime(),
  manifest: z.strictObject({
    complete: z.boolean(),
    contentHash: hash.nullable(),
    types: z
      .array(
        z.strictObject({
          type: word,
          listed: count,
          captured: count,
          failed: count,
          forbidden: count,
          unsupported: count,
          builtIn: count,
        }),
      )
      .max(typesMax),
  }),
  policies: z.array(policySchema),
});

export type TenantryManifest = z.output<typeof tenantryManifestSchema>;
export type ManifestPolicy = z.output<typeof policySchema>;

/** The text of a manifest; equal sets have equal texts. */
export function manifestText(parts: {
  readonly tenantId: string;
  readonly backupSetId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly manifest: Manifest;
  readonly policies: readonly ManifestPolicy[];
}): string {
  const { policies, manifest, ...about } = parts;
  const { complete, contentHash, types } = manifest;
  const head = { format: 'tenantry', formatVersion: tenantryFormatVersion, ...about };
  const whole = { ...head, manifest: { complete, contentHash, types }, policies };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
