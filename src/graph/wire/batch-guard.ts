import { isTrusted, type TrustedBase } from '#graph/port/trusted-url.ts';
import { batchMembersMax } from './batch-envelope.ts';

const envelopeKeys = 'requests';
const memberKeys = 'headers,id,method,url';

/**
 * Takes the text of an envelope as it goes on the wire, and says whether it reads and does nothing else: up to
 * twenty GETs of relative URLs under the version root, each without a body.
 */
export function isReadOnlyEnvelope(base: TrustedBase, text: string): boolean {
  const envelope = parsed(text);
  // The text is exactly what was checked: no duplicate key can make another parser read something else.
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

/** Whoever resolves it must come out under the version root: one slash at the start, and no dot segments. */
function isRelative(base: TrustedBase, url: string): boolean {
  if (!/^\/[^/]/.test(url) || hasDotSegments(url)) return false;
  // An envelope inside an envelope would be out of the guard's sight.
  if (/^\/\$batch\b/i.test(url)) return false;
  return isTrusted(base, `${base.origin}${base.pathPrefix}${url.slice(1)}`);
}

/** Takes a URL or a path and says whether it has `.` or `..` as a segment, encoded or not. */
export function hasDotSegments(url: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1);
  return /\/(\.|%2e){1,2}(\/|$)/i.test(path);
}

/** Takes headers and says whether one of them asks the service to take the request for another method. */
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
