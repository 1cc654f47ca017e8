import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of the zip. The zip asks once for the bytes, when the turn of the file comes. */
export interface ZipSource {
  readonly path: string;
  readonly read: () => Promise<Buffer>;
}

/**
 * DOS times have no zone, and yazl writes local time. This is the earliest DOS time, the first of 1980, in every zone.
 * A real time would make a different zip of the same set each time.
 */
const epoch = () => new Date(1980, 0, 1);
const regularFile = 0o100644;

/** Zips files in their order, one at a time, at the speed of the reader. The stream fails with the error of a source. */
export function zipStream(sources: readonly ZipSource[]): Readable {
  const zip = new ZipFile();
  const { outputStream } = zip;
  if (!(outputStream instanceof PassThrough)) throw new TypeError('yazl has changed its stream');
  zip.on('error', (error: Error) => outputStream.destroy(error));
  for (const { path, read } of sources) {
    const options = { mtime: epoch(), forceDosTimestamp: true, mode: regularFile };
    zip.addReadStreamLazy(path, options, (take) => {
      read().then(
        (bytes) =>
          take(null, Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false })),
        (error: unknown) =>
          outputStream.destroy(error instanceof Error ? error : new Error('no bytes')),
      );
    });
  }
  zip.end();
  return outputStream;
}

/** Cuts a stream into pieces of one size; the last piece may be shorter. */
export async function* piecesOf(
  stream: AsyncIterable<Buffer>,
  pieceBytes: number,
): AsyncGenerator<Buffer, void, void> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    waiting.push(part);
    length += part.length;
    if (length < pieceBytes) continue;
    const joined = Buffer.concat(waiting);
    let at = 0;
    for (; joined.length - at >= pieceBytes; at += pieceBytes) {
      yield joined.subarray(at, at + pieceBytes);
    }
    waiting = [joined.subarray(at)];
    length = joined.length - at;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
