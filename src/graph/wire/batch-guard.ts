import { isTrusted, type TrustedBase } from '#graph/port/trusted-url.ts';
import { batchMembersMax } from './batch-envelope.ts';

const envelopeKeys = 'requests';
const memberKeys = 'headers,id,method,url';

/** True if the text of a batch only reads: one to twenty GETs of relative URLs under the version root, without bodies. */
export function isReadOnlyEnvelope(base: TrustedBase, text: string): boolean {
  const envelope = parsed(text);
  // The checked text must equal the sent text: with a duplicate key another parser could read other requests.
  if (!isRecord(envelope) || JSON.stringify(envelope) !== text) return false;
  const { requests } = envelope;
  if (keysOf(envelope) !== envelopeKeys || !Array.isArray(requests)) return false;
  if (requests.length === 0 || requests.length > batchMembersMax) return false;
  const ids = new Set(requests.map((member: unknown) => (isRecord(member) ? member['id'] : null)));
  return ids.size === requests.length && requests.every((member) => isRead(base, member));
}

function isRead(base: TrustedBase, member: unknown): boolean {
  if (!isRecord(member) || keysOf(member) !== memberKeys) return false;
  const { id, method, url, headers } = member;
  if (typeof id !== 'string' || id === '' || method !== 'GET' || typeof url !== 'string')
    return false;
  return isRelative(base, url) && isRecord(headers) && !overridesMethod(headers);
}

/** The service must resolve it to a path under the version root: one slash at the start, and no dot segments. */
function isRelative(base: TrustedBase, url: string): boolean {
  if (!/^\/[^/]/.test(url) || hasDotSegments(url)) return false;
  // A batch inside a batch would escape this guard.
  if (/^\/\$batch\b/i.test(url)) return false;
  return isTrusted(base, `${base.origin}${base.pathPrefix}${url.slice(1)}`);
}

/** True if the path has a segment `.` or `..`, plain or encoded. */
export function hasDotSegments(url: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1);
  return /\/(\.|%2e){1,2}(\/|$)/i.test(path);
}

/** True if a header asks the service to treat the request as another method. */
export function overridesMethod(headers: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(headers).some((name) => /^x-(http-)?method/i.test(name));
}

function keysOf(record: Record<string, unknown>): string {
  return Object.keys(record).toSorted().join();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
