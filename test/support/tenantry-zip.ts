import { createHash } from 'node:crypto';
import { contentHash } from '#domain/archive/content-hash.ts';
import { type ManifestPolicy, manifestText } from '#domain/archive/tenantry-manifest.ts';
import { type MadeEntry, makeZip } from './zip-maker.ts';

export const manifestName = 'manifest.json';
export const policyName = 'policies/scopeTag/Finance__7.json';
export const policyDocument =
  '{"item":{"id":"7","displayName":"Finance","big":9007199254740993,"one":1.0},"children":{},"assignments":[]}';

/** A manifest's policy, with changes. */
export function listed(
  changes: Partial<ManifestPolicy> = {},
  content = policyDocument,
): ManifestPolicy {
  return {
    type: 'scopeTag',
    graphId: '7',
    displayName: 'Finance',
    path: policyName,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: Buffer.byteLength(content),
    complete: true,
    ...changes,
  };
}

/** A manifest over policies, like that of an export. */
export function manifestOver(policies: readonly ManifestPolicy[]): string {
  const types = Map.groupBy(policies, ({ type }) => type);
  return manifestText({
    tenantId: 'aaaaaaaa-0000-4000-8000-00000000000a',
    backupSetId: '019a0000-0000-7000-8000-000000000001',
    name: 'A set',
    createdAt: '2026-11-21T12:00:00.000Z',
    manifest: {
      complete: true,
      contentHash: contentHash(policies),
      types: [...types].map(([type, { length }]) => ({
        ...{ type, listed: length, captured: length },
        ...{ failed: 0, forbidden: 0, unsupported: 0, builtIn: 0 },
      })),
    },
    policies,
  });
}

export const manifestEntry: MadeEntry = { name: manifestName, content: manifestOver([listed()]) };
export const policyEntry: MadeEntry = { name: policyName, content: policyDocument };

/** A good archive of our own format, with changes to its policy, its manifest or its other files. */
export function tenantryZip(
  changes: {
    readonly policy?: Partial<MadeEntry>;
    readonly manifest?: Partial<MadeEntry>;
    readonly beside?: readonly MadeEntry[];
  } = {},
): Buffer {
  return makeZip([
    { ...manifestEntry, ...changes.manifest },
    { ...policyEntry, ...changes.policy },
    ...(changes.beside ?? []),
  ]);
}

/** An archive of our own format with one policy document, correctly listed. */
export function zipOfDocument(content: string, changes: Partial<ManifestPolicy> = {}): Buffer {
  const manifest = manifestOver([listed(changes, content)]);
  return tenantryZip({ policy: { content }, manifest: { content: manifest } });
}
