import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { addressedTo, createWriteName, type PlannedWrite } from '#domain/restore/planned-write.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import type { TestClient } from '#test/simulator/client.ts';

/** The parts of a snapshot's document. */
export interface Snapshot {
  readonly item: Record<string, unknown>;
  readonly children: Record<string, unknown>;
  readonly assignments: Record<string, unknown>[] | null;
}

/** A tenant of the simulator, read like a capture and written by plain requests. */
export interface WriteRound {
  readonly capture: (type: PolicyType, id: string) => Promise<string>;
  /** Changes an object directly in the simulator's store. */
  readonly mutate: (type: PolicyType, id: string, set: object) => Promise<void>;
  readonly remove: (type: PolicyType, id: string) => Promise<void>;
  /** Sends writes one by one and returns the object's id. Throws with Graph's text if it refuses one. */
  readonly send: (writes: readonly PlannedWrite[], id: string | null) => Promise<string>;
}

/** Client and reader must belong to the same tenant. */
export function writeRound(client: TestClient, reader: GraphReader): WriteRound {
  const mutate = async ({ collection }: PolicyType, id: string, change: object): Promise<void> => {
    const path = `tenants/${client.tenantId}/mutate`;
    const answer = await client.control('POST', path, { path: collection, id, ...change });
    if (answer.status >= 300) throw new Error(`${collection}/${id}: ${answer.text}`);
  };
  const send = async (write: PlannedWrite, id: string | null): Promise<string> => {
    const { path, body } = addressedTo(write, id ?? '');
    const headers = { 'content-type': 'application/json' };
    const sent = body === null ? {} : { body, headers };
    const answer = await client.graph(path, { method: write.method, ...sent });
    if (answer.status < 300) {
      return write.name === createWriteName ? String(answer.json['id']) : (id ?? '');
    }
    throw new Error(`${write.name} ${write.method} ${path}: ${answer.text}\n${body}`);
  };
  return {
    capture: async (type, id) => (await capturePolicy(reader, type, id)).document,
    mutate: (type, id, set) => mutate(type, id, { set }),
    remove: (type, id) => mutate(type, id, { delete: true }),
    send: async (writes, id) => {
      let objectId = id;
      for (const write of writes) objectId = await send(write, objectId);
      return objectId ?? '';
    },
  };
}
