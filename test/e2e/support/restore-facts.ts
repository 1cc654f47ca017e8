import type { Run } from './api-types.ts';
import { type ApiUser, expectAnswer, wholeList } from './api-user.ts';
import type { StoredObject } from './simulator-control.ts';

interface Planned {
  readonly displayName: string;
  readonly action: string;
  readonly changes: readonly { path: string; before: unknown; after: unknown }[];
  readonly assignments: {
    readonly before: readonly Assigned[];
    readonly after: readonly Assigned[];
  } | null;
}

interface Assigned {
  readonly groupId: string | null;
  readonly groupDisplayName: string | null;
}

interface RestoredItem {
  readonly displayName: string;
  readonly backupItemId: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly error: { readonly code: string } | null;
  readonly graphId: string | null;
}

interface AuditEvent {
  readonly action: string;
  readonly actor: string;
  readonly runId: string | null;
  readonly details: object;
}

/** The name of a settings catalog policy in Graph. */
export function policyName({ body }: StoredObject): string {
  return String(body['name']);
}

/** The parts of settings catalog policies that an administrator would compare: without Graph's ids and times. */
export function facts(policies: readonly StoredObject[]) {
  return policies.map(({ body }) => {
    const { description, name, settings, assignments } = body;
    const targets = (assignments as { target: { groupId?: string } }[]).map(
      ({ target }) => target.groupId,
    );
    return { name, description, targets, settings: (settings as unknown[]).length };
  });
}

/** The plan of a run. */
export function previewOf(user: ApiUser, { id }: Run): Promise<{ items: Planned[] }> {
  return expectAnswer(user.call('GET', `/tenants/{t}/runs/${id}/preview`));
}

/** The action, the outcome and the error, if any, of each item of a run, by name. */
export async function outcomesOf(user: ApiUser, { id }: Run): Promise<Record<string, string>> {
  const items = await wholeList<RestoredItem>(user, `/tenants/{t}/runs/${id}/items`);
  return Object.fromEntries(
    items.map(({ displayName, action, outcome, error }) => [
      displayName,
      [action, outcome, ...(error === null ? [] : [error.code])].join(' '),
    ]),
  );
}

/** The audit events of a run, newest first. */
export async function auditOf(user: ApiUser, { id }: Run): Promise<AuditEvent[]> {
  const events = await wholeList<AuditEvent>(user, '/tenants/{t}/audit-events');
  return events.filter(({ runId }) => runId === id);
}
