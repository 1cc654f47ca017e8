import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromBufferPromise, parseExtraFields, type ZipFile } from 'yauzl';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { collisionKey } from '#domain/archive/safe-file-name.ts';
import { assertPlainEntry, contradicts, nameOfEntry } from './import-entry.ts';
import {
  entriesMax,
  entryBytesMax,
  packingRatioMax,
  ratioFreeBytes,
  unpackedBytesMax,
} from './import-limits.ts';

/** A checked file of a zip: its name is a plain path, and its bytes overlap no other file. */
export interface ZipEntry {
  /** The index in the zip. */
  readonly index: number;
  readonly path: string;
  readonly bytes: number;
  /** Unpacks the file. @throws ArchiveRejectedError if its bytes contradict the headers. */
  read(): Promise<Buffer>;
}

const endRecordBytes = 22;
const zip64LocatorBytes = 20;
const zip64LocatorSignature = 0x07064b50;
const localHeaderBytes = 30;
const zipSignature = 0x04034b50;

/**
 * Opens an untrusted zip and checks its structure without unpacking.
 * @returns its files, without folders.
 * @throws ArchiveRejectedError for any feature that a plain zip of plain files does not need.
 */
export async function openZip(bytes: Buffer): Promise<ZipEntry[]> {
  const zip = await opened(bytes);
  const directoryAt = directoryStart(bytes, zip);
  if (zip.entryCount > entriesMax) throw new ArchiveRejectedError('too_many_entries');
  const files: ZipEntry[] = [];
  const spans: Span[] = [];
  const names = createNames();
  let unpacked = 0;
  for (let index = 0; index < zip.entryCount; index += 1) {
    const entry = await nextEntry(zip);
    const path = nameOfEntry(entry, index);
    assertPlainEntry(entry, path, index);
    names.add(path, index);
    unpacked += entry.uncompressedSize;
    assertSizes(entry, unpacked, bytes.length, index);
    const dataStart = await matchingLocalHeader(zip, bytes, entry, index);
    const end = dataStart + entry.compressedSize;
    spans.push({ start: entry.relativeOffsetOfLocalHeader, end, index });
    const packed = bytes.subarray(dataStart, end);
    const read = () => unpack(entry, packed, index);
    if (!path.endsWith('/')) files.push({ index, path, bytes: entry.uncompressedSize, read });
  }
  // Some programs would see surplus entries and others would not.
  if (Number(zip.readEntryCursor) !== endRecordAt(bytes, zip)) {
    throw new ArchiveRejectedError('damaged');
  }
  assertApart(spans, directoryAt);
  return files;
}

async function opened(bytes: Buffer): Promise<ZipFile> {
  if (bytes.length < endRecordBytes) throw new ArchiveRejectedError('not_a_zip');
  try {
    // This code decodes names strictly: the library would repair them.
    return await fromBufferPromise(bytes, { decodeStrings: false, validateEntrySizes: true });
  } catch {
    throw new ArchiveRejectedError('not_a_zip');
  }
}

/** Finds the start of the end record. The library has checked that the comment ends the file. */
function endRecordAt(bytes: Buffer, zip: ZipFile): number {
  return bytes.length - endRecordBytes - zip.comment.length;
}

/** Finds the start of the central directory. It must reach to the end record, so that no bytes hide between or behind. */
function directoryStart(bytes: Buffer, zip: ZipFile): number {
  const endRecord = endRecordAt(bytes, zip);
  const locator = endRecord - zip64LocatorBytes;
  const isZip64 = locator >= 0 && bytes.readUInt32LE(locator) === zip64LocatorSignature;
  const size = bytes.readUInt32LE(endRecord + 12);
  const start = bytes.readUInt32LE(endRecord + 16);
  if (isZip64 || start + size !== endRecord) throw new ArchiveRejectedError('damaged');
  return start;
}

function nextEntry(zip: ZipFile): Promise<Entry> {
  return new Promise((resolve, reject) => {
    const done = () => {
      zip.off('entry', onEntry);
      zip.off('error', onError);
    };
    const onEntry = (entry: Entry) => {
      done();
      resolve(entry);
    };
    const onError = () => {
      done();
      reject(new ArchiveRejectedError('damaged'));
    };
    zip.on('entry', onEntry);
    zip.on('error', onError);
    zip.readEntry();
  });
}

/** Checks that names are distinct on every file system, and that no file is also a folder. */
function createNames() {
  const files = new Set<string>();
  const folders = new Set<string>();
  return {
    add(path: string, index: number): void {
      const key = collisionKey(path).replace(/\/$/, '');
      const parts = key.split('/');
      const outer = parts.slice(1).map((_, count) => parts.slice(0, count + 1).join('/'));
      const isFolder = path.endsWith('/');
      const taken = files.has(key) || (!isFolder && folders.has(key));
      if (taken || outer.some((folder) => files.has(folder))) {
        throw new ArchiveRejectedError('duplicate_name', index);
      }
      for (const folder of outer) folders.add(folder);
      (isFolder ? folders : files).add(key);
    },
  };
}

function assertSizes(entry: Entry, unpacked: number, archiveBytes: number, index: number): void {
  const { uncompressedSize: size, compressedSize: packed } = entry;
  if (size > entryBytesMax || unpacked > unpackedBytesMax) {
    throw new ArchiveRejectedError('too_large', index);
  }
  const isBomb = size > ratioFreeBytes && size > packed * packingRatioMax;
  if (isBomb || unpacked > ratioFreeBytes + archiveBytes * packingRatioMax) {
    throw new ArchiveRejectedError('suspicious_ratio', index);
  }
}

/** Checks that the local header equals the central one: programs differ in the header that they trust. */
async function matchingLocalHeader(
  zip: ZipFile,
  bytes: Buffer,
  entry: Entry,
  index: number,
): Promise<number> {
  if (entry.relativeOffsetOfLocalHeader + localHeaderBytes > bytes.length) {
    throw new ArchiveRejectedError('damaged', index);
  }
  const local = await zip.readLocalFileHeaderPromise(entry).catch(() => {
    throw new ArchiveRejectedError('damaged', index);
  });
  const sizesFollow = (entry.generalPurposeBitFlag & 0x8) !== 0;
  const says = (one: number, other: number) => one === other || (sizesFollow && one === 0);
  const same =
    local.fileName.equals(entry.fileNameRaw) &&
    !hasContradiction(local.extraField) &&
    local.generalPurposeBitFlag === entry.generalPurposeBitFlag &&
    local.compressionMethod === entry.compressionMethod &&
    says(local.crc32, entry.crc32) &&
    says(local.compressedSize, entry.compressedSize) &&
    says(local.uncompressedSize, entry.uncompressedSize);
  if (!same) throw new ArchiveRejectedError('header_mismatch', index);
  return local.fileDataStart;
}

function hasContradiction(extraField: Buffer): boolean {
  try {
    return contradicts(parseExtraFields(extraField));
  } catch {
    return true;
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

function assertApart(spans: readonly Span[], directoryAt: number): void {
  let free = 0;
  for (const { start, end, index } of [...spans].sort((one, other) => one.start - other.start)) {
    if (start < free || end > directoryAt) {
      throw new ArchiveRejectedError('overlapping_entries', index);
    }
    free = end;
  }
}

type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
const inflate = promisify(inflateRaw) as unknown as (
  packed: Buffer,
  options: { maxOutputLength: number; info: true },
) => Promise<Inflated>;

async function unpack(entry: Entry, packed: Buffer, index: number): Promise<Buffer> {
  const bytes = entry.compressionMethod === 0 ? packed : await inflated(entry, packed, index);
  if (bytes.length !== entry.uncompressedSize) throw new ArchiveRejectedError('damaged', index);
  if (crc32(bytes) !== entry.crc32) throw new ArchiveRejectedError('checksum_mismatch', index);
  const isZip = bytes.length >= 4 && bytes.readUInt32LE(0) === zipSignature;
  if (isZip) throw new ArchiveRejectedError('nested_archive', index);
  return bytes;
}

/** Unpacks at most the declared size, however long the data is. */
async function inflated(entry: Entry, packed: Buffer, index: number): Promise<Buffer> {
  try {
    const maxOutputLength = Math.max(1, entry.uncompressedSize);
    const { buffer, engine } = await inflate(packed, { maxOutputLength, info: true });
    if (engine.bytesWritten === packed.length) return buffer;
  } catch {
    // The size check below reports this, as it reports trailing data.
  }
  throw new ArchiveRejectedError('damaged', index);
}
