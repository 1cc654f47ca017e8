import { z } from 'zod';
import type { Manifest } from '#domain/backup/manifest.ts';

/** Raised when an archive of this version could not be read by an older Tenantry. */
export const tenantryFormatVersion = 1;
/** As long as a set's name may be in the API. */
const nameCharsMax = 256;
/** More than there are types. */
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

/** `manifest.json` of an archive in our own format, as it is read: nothing in it is believed without a look. */
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

/** The text of a manifest: the same set has the same. */
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
