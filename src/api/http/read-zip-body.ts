import type { IncomingMessage } from 'node:http';
import { invalidRequest, Problem } from './problem.ts';
import { readBody } from './read-body.ts';

const zipType = /^application\/zip$/i;
const bytesPerMebibyte = 1024 * 1024;
/** The first bytes of a zip with entries, and of an empty one. */
const signatures = [0x04034b50, 0x06054b50];
const smallestZipBytes = 22;
/** Each upload is in memory as a whole until it is sealed; the memory of a process bounds their number. */
const concurrentUploadsMax = 4;
const retryAfterSeconds = 5;

let uploads = 0;

/**
 * Reads a zip, and checks its first bytes; the import checks the rest.
 * @throws Problem 400, 413, 415, or 503 for too many uploads at once.
 */
export async function readZipBody(request: IncomingMessage, mebibytesMax: number): Promise<Buffer> {
  if (uploads >= concurrentUploadsMax) {
    throw new Problem('unavailable', 'Too many archives are being sent at once.', {
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
  uploads += 1;
  try {
    const kind = { mediaType: 'application/zip', pattern: zipType };
    const bytesMax = mebibytesMax * bytesPerMebibyte;
    const bytes = await readBody(request, { ...kind, bytesMax });
    const isZip =
      bytes !== null &&
      bytes.length >= smallestZipBytes &&
      signatures.includes(bytes.readUInt32LE(0));
    if (!isZip) throw invalidRequest([{ path: 'body', message: 'must be a zip' }]);
    return bytes;
  } finally {
    uploads -= 1;
  }
}
