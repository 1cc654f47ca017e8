import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a zip, with its faults. */
export interface MadeEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /** A different name in the header before the data. */
  readonly localName?: string;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  /** The size that the zip claims. */
  readonly size?: number;
  readonly localSize?: number;
  /** Unix mode: a link, a device. */
  readonly mode?: number;
  readonly extra?: Buffer;
  /** The offset that the directory claims; the file is not written there. */
  readonly writtenAt?: number;
  /** Bytes after the packed data that count as a part of it. */
  readonly trailing?: Buffer;
}

const regularFile = 0o100644;

/** Writes a zip byte by byte, because libraries refuse to make such files. */
export function makeZip(
  entries: readonly MadeEntry[],
  options: { readonly comment?: Buffer; readonly countedEntries?: number } = {},
): Buffer {
  const locals: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    offsets.push(entry.writtenAt ?? at);
    if (entry.writtenAt !== undefined) continue;
    const local = localPart(entry);
    locals.push(local);
    at += local.length;
  }
  const central = entries.map((entry, index) => header(entry, offsets[index] ?? 0));
  const directory = Buffer.concat(central);
  const comment = options.comment ?? Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.countedEntries ?? entries.length, 8);
  end.writeUInt16LE(options.countedEntries ?? entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, comment]);
}

/** The header before the data, and the data. */
export function localPart(entry: MadeEntry): Buffer {
  return Buffer.concat([header(entry, null), packed(entry)]);
}

function bytesOf({ content = '' }: MadeEntry): Buffer {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}

function packed(entry: MadeEntry): Buffer {
  const bytes = bytesOf(entry);
  const body = (entry.method ?? 8) === 8 ? deflateRawSync(bytes) : bytes;
  return Buffer.concat([body, entry.trailing ?? Buffer.alloc(0)]);
}

/** The header in the directory, or without an offset the one before the data. */
function header(entry: MadeEntry, offset: number | null): Buffer {
  const isLocal = offset === null;
  const name = Buffer.from((isLocal ? entry.localName : undefined) ?? entry.name, 'utf8');
  const extra = isLocal ? Buffer.alloc(0) : (entry.extra ?? Buffer.alloc(0));
  const size = (isLocal ? entry.localSize : undefined) ?? entry.size ?? bytesOf(entry).length;
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(entry.flags ?? 0x800, 2);
  facts.writeUInt16LE(entry.method ?? 8, 4);
  facts.writeUInt16LE(0x21, 8);
  facts.writeUInt32LE(entry.crc ?? crc32(bytesOf(entry)), 10);
  facts.writeUInt32LE(packed(entry).length, 14);
  facts.writeUInt32LE(size, 18);
  facts.writeUInt16LE(name.length, 22);
  facts.writeUInt16LE(extra.length, 24);
  if (isLocal) return Buffer.concat([signature(0x04034b50), facts, name, extra]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.mode ?? regularFile) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const madeBy = Buffer.from([63, 3]);
  return Buffer.concat([signature(0x02014b50), madeBy, facts, rest, name, extra]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}
