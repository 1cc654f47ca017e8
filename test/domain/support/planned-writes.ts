import { parseDocument, type PolicyDocument } from '#domain/json/policy-document.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { PlannedWrite } from '#domain/restore/planned-write.ts';
import { remainingWrites } from '#domain/restore/writes/remaining-writes.ts';

/** The parts of a snapshot that matter to a test. */
interface Parts {
  readonly item?: object;
  readonly children?: object;
  readonly assignments?: readonly object[] | null;
}

/** A type by its key. */
export function typeOf(key: string): PolicyType {
  const type = findPolicyType(key);
  if (type === undefined) throw new Error(key);
  return type;
}

/** A snapshot's document; assignments are unknown unless given. */
export function partsDocument({
  item = {},
  children = {},
  assignments = null,
}: Parts): PolicyDocument {
  return parseDocument(JSON.stringify({ item, children, assignments }));
}

/** The writes from one object of a type to another; `live: null` means a create. */
export function plannedWrites(
  key: string,
  desired: Parts,
  live: Parts | null,
): readonly PlannedWrite[] {
  const there = live === null ? null : partsDocument(live);
  return remainingWrites(typeOf(key), partsDocument(desired), there);
}

/** The writes between two documents, both as texts. */
export function writesBetween(
  type: PolicyType,
  desired: string,
  live: string | null,
): readonly PlannedWrite[] {
  return remainingWrites(type, parseDocument(desired), live === null ? null : parseDocument(live));
}

/** The parsed body of a write. */
export function bodyOf(write: PlannedWrite | undefined): unknown {
  return JSON.parse(write?.body ?? 'null') as unknown;
}

/** Writes as `name: METHOD path`. */
export function summary(found: readonly PlannedWrite[]): string[] {
  return found.map(({ name, method, path }) => `${name}: ${method} ${path}`);
}

/** An assignment to a group. */
export function toGroup(groupId: string, more: object = {}): object {
  return { target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId, ...more } };
}
