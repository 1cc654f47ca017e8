import type { Entry, ExtraField } from 'yauzl';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { isPlainPath } from '#domain/archive/entry-name.ts';

/** Flags of encryption, strong encryption and masked headers. */
const encryptionFlags = 0x1 | 0x40 | 0x2000;
/** Flags of the deflate level, of sizes after the data, and of UTF-8 names. */
const knownFlags = 0x2 | 0x4 | 0x8 | 0x800;
const stored = 0;
const deflated = 8;
/** Extra fields with sizes of the large format or Unicode names. */
const contradictingFields = [0x0001, 0x7075];
const fileTypeMask = 0o170000;
const regularFile = 0o100000;
const folder = 0o040000;

/**
 * Returns the name of an entry as a path below the folder of unpacking.
 * @throws ArchiveRejectedError for a name with another meaning on any file system.
 */
export function nameOfEntry({ fileNameRaw }: Entry, index: number): string {
  let path: string;
  try {
    path = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fileNameRaw);
  } catch {
    throw new ArchiveRejectedError('unsafe_name', index);
  }
  if (!isPlainPath(path)) throw new ArchiveRejectedError('unsafe_name', index);
  return path;
}

/** Returns whether extra fields give an entry a second size or name. */
export function contradicts(fields: readonly ExtraField[]): boolean {
  return fields.some(({ id }) => contradictingFields.includes(id));
}

/** Checks that an entry is a plain file or folder with a usual compression. @throws ArchiveRejectedError */
export function assertPlainEntry(entry: Entry, path: string, index: number): void {
  const flags = entry.generalPurposeBitFlag;
  if ((flags & encryptionFlags) !== 0) throw new ArchiveRejectedError('encrypted', index);
  const method = entry.compressionMethod;
  if ((flags & ~knownFlags) !== 0 || (method !== stored && method !== deflated)) {
    throw new ArchiveRejectedError('unsupported_compression', index);
  }
  if (contradicts(entry.extraFields)) {
    throw new ArchiveRejectedError('header_mismatch', index);
  }
  const isFolder = path.endsWith('/');
  // The Unix mode shows symbolic links and devices; other systems leave it zero.
  const fileType = (entry.externalFileAttributes >>> 16) & fileTypeMask;
  const expected = isFolder ? folder : regularFile;
  if ((fileType !== 0 && fileType !== expected) || (isFolder && entry.uncompressedSize > 0)) {
    throw new ArchiveRejectedError('not_a_file', index);
  }
}
