import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkArchive } from '#activities/archive/import/import-archive.ts';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { hostileArchives } from '#test/support/hostile-archives.ts';
import { policyDocument, tenantryZip } from '#test/support/tenantry-zip.ts';
import { makeZip } from '#test/support/zip-maker.ts';

/** A directory without groups. */
const noGroups = async () => new Map<string, string>();

async function reasonOf(zip: Buffer): Promise<string> {
  try {
    await checkArchive(zip, noGroups);
    return 'taken';
  } catch (error) {
    if (error instanceof ArchiveRejectedError) return error.reason;
    throw error;
  }
}

describe('an archive', () => {
  // Catches: a check that refuses valid archives.
  it('is accepted byte for byte if valid', async () => {
    const archive = await checkArchive(tenantryZip(), noGroups);
    expect(archive).toMatchObject({ name: 'A set', policies: [{ complete: true }] });
    expect(archive.policies[0]?.facts.seen).toMatchObject({ graphId: '7', displayName: 'Finance' });
    expect(await archive.policies[0]?.document()).toBe(policyDocument);
  });

  // Catches: a refusal of usual zip features of git and other programs: comments, folders, sizes after the data.
  it('may have a comment, folders, stored files and sizes that follow', async () => {
    const name = 'backup-main/Scope Tags';
    const zip = makeZip(
      [
        { name: 'backup-main/', content: '', method: 0, mode: 0o040755 },
        { name: `${name}/`, content: '', method: 0, mode: 0 },
        { name: `${name}/a.json`, content: '{"displayName":"a"}', method: 0 },
        { name: `${name}/b.json`, content: '{"displayName":"b"}', flags: 0x808, localSize: 0 },
        { name: 'backup-main/README.md', content: '# Read me' },
        { name: 'backup-main/.gitignore', content: '*.tmp' },
        { name: 'backup-main/Applications/Windows/x.json', content: '{}' },
      ],
      { comment: Buffer.from('5b4ef78c0ffee') },
    );
    const archive = await checkArchive(zip, noGroups);
    expect(archive.policies.map(({ facts }) => facts.seen.displayName)).toEqual(['a', 'b']);
    expect(archive.listings).toEqual([
      { policyType: 'IntuneCD: Applications', listing: { outcome: 'unsupported' } },
    ]);
  });

  // Catches: the loss of a single check; without it, the archive would be accepted or refused with another reason.
  it.each(hostileArchives.map(([what, reason, make]) => [what, reason, make] as const))(
    'with %s is refused: %s',
    async (_what, reason, make) => {
      expect(await reasonOf(make())).toBe(reason);
    },
  );

  // Catches: a foreign error (a crash of the activity, retried without end), and a changed byte that has an effect.
  it('is refused after a change of any byte, unless it means the same', async () => {
    const good = tenantryZip();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ at: fc.nat(good.length - 1), value: fc.integer({ min: 0, max: 255 }) }),
          { minLength: 1, maxLength: 4 },
        ),
        async (changes) => {
          const bytes = Buffer.from(good);
          for (const { at, value } of changes) bytes[at] = value;
          const archive = await checkArchive(bytes, noGroups).catch((error: unknown) => error);
          if (archive instanceof ArchiveRejectedError) return;
          if (archive instanceof Error) throw archive;
          const { policies } = archive as Awaited<ReturnType<typeof checkArchive>>;
          expect(await Promise.all(policies.map((policy) => policy.document()))).toEqual([
            policyDocument,
          ]);
        },
      ),
      { numRuns: 400 },
    );
  });
});
