import type { Entry, ExtraField } from 'yauzl';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { isPlainPath } from '#domain/archive/entry-name.ts';

/** Encrypted, strongly encrypted, and with masked headers. */
const encryptionFlags = 0x1 | 0x40 | 0x2000;
/** How it was deflated, sizes after the data, names in UTF-8. */
const knownFlags = 0x2 | 0x4 | 0x8 | 0x800;
const stored = 0;
const deflated = 8;
/** Sizes of the large format, and names in Unicode. */
const contradictingFields = [0x0001, 0x7075];
const fileTypeMask = 0o170000;
const regularFile = 0o100000;
const folder = 0o040000;

/**
 * The name of an entry, as a path below the place where the zip would be unpacked.
 * @throws ArchiveRejectedError for a name that means something else somewhere.
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

/** Whether extra fields give an entry other sizes or another name than its headers do. */
export function contradicts(fields: readonly ExtraField[]): boolean {
  return fields.some(({ id }) => contradictingFields.includes(id));
}

/** Throws ArchiveRejectedError for an entry that is no plain file or folder, packed in the usual way. */
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
  // The mode of Unix; other systems leave it at nothing. It tells symbolic links and devices.
  const fileType = (entry.externalFileAttributes >>> 16) & fileTypeMask;
  const expected = isFolder ? folder : regularFile;
  if ((fileType !== 0 && fileType !== expected) || (isFolder && entry.uncompressedSize > 0)) {
    throw new ArchiveRejectedError('not_a_file', index);
  }
}
