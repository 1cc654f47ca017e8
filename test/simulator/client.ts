import { randomUUID } from 'node:crypto';
import type { SimulatorOptions } from '#simulator/options.ts';
import type { RunningSimulator } from '#simulator/server.ts';
import { startSimulator } from '#simulator/server.ts';

/** An answer with its body as text, and parsed if it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** A simulator with one tenant, and short functions to call both. */
export interface TestClient {
  readonly url: string;
  readonly tenantId: string;
  readonly simulator: RunningSimulator;
  readonly token: string;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** Seeds objects as JSON text, for values JavaScript cannot represent. */
  readonly seedText: (path: string, bodyText: string) => Promise<Answer>;
  readonly seed: (path: string, ...bodies: unknown[]) => Promise<Answer>;
  readonly graph: (path: string, init?: RequestInit) => Promise<Answer>;
}

const formType = 'application/x-www-form-urlencoded';

/** Starts a simulator without samples and creates one tenant in it. */
export async function startTestClient(options: SimulatorOptions = {}): Promise<TestClient> {
  const simulator = await startSimulator({ sample: false, ...options });
  return connect(simulator, randomUUID());
}

/** Creates a tenant with two users and two groups in a running simulator, and gets a token for an application. */
export async function connect(simulator: RunningSimulator, tenantId: string): Promise<TestClient> {
  const { url } = simulator;
  const control = (method: string, path: string, body?: unknown) =>
    send(`${url}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await control('PUT', `tenants/${tenantId}`, testTenant);
  const token = await appToken(url, tenantId);
  const seedText = (path: string, bodyText: string) =>
    send(`${url}/_sim/tenants/${tenantId}/objects`, {
      method: 'POST',
      body: `[{"path":${JSON.stringify(path)},"body":${bodyText}}]`,
    });
  return {
    url,
    tenantId,
    simulator,
    token,
    control,
    seedText,
    seed: (path, ...bodies) =>
      control(
        'POST',
        `tenants/${tenantId}/objects`,
        bodies.map((body) => ({ path, body })),
      ),
    graph: (path, init = {}) => {
      const target = path.startsWith('http') ? path : `${url}/beta${path}`;
      const headers = { authorization: `Bearer ${token}`, ...headersOf(init) };
      return send(target, { ...init, headers });
    },
  };
}

/** Posts a form, as for token requests. */
export function postForm(address: string, form: Record<string, string>): Promise<Answer> {
  return send(address, {
    method: 'POST',
    headers: { 'content-type': formType },
    body: new URLSearchParams(form).toString(),
  });
}

/** Requests an application's Graph token. */
export async function appToken(url: string, tenantId: string, clientId = 'test-app') {
  const answer = await postForm(`${url}/${tenantId}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: 'any',
    scope: 'https://graph.microsoft.com/.default',
  });
  return String(answer.json['access_token']);
}

/** Sends a request and reads the whole answer. */
export async function send(address: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(address, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: asObject(text) };
}

/** Returns the values of a list answer. */
export function valuesOf(answer: Answer): Record<string, unknown>[] {
  const { value } = answer.json;
  return Array.isArray(value) ? value : [];
}

/** Sends a write with a JSON body to Graph. */
export function write(
  client: TestClient,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return client.graph(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Returns the message of an error answer, with Intune's own JSON inside. */
export function messageOf(answer: Answer): string {
  return String((answer.json['error'] as Record<string, unknown> | undefined)?.['message']);
}

/** Returns the ids in a list answer. */
export function idsOf(answer: Answer): unknown[] {
  return valuesOf(answer).map(({ id }) => id);
}

/** An assignment to one of the test tenant's groups. */
export function toGroup(groupId: string, more: Record<string, unknown> = {}) {
  return { target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId, ...more } };
}

/** Reads all pages of a list by their nextLinks. */
export async function allPages(client: TestClient, path: string): Promise<Answer[]> {
  const pages = [await client.graph(path)];
  for (;;) {
    const next = pages.at(-1)?.json['@odata.nextLink'];
    if (typeof next !== 'string') return pages;
    pages.push(await client.graph(next));
  }
}

export const testGroups = [
  '22222222-0000-4000-8000-000000000001',
  '22222222-0000-4000-8000-000000000002',
] as const;

const testTenant = {
  displayName: 'Test tenant',
  users: [
    {
      id: '11111111-0000-4000-8000-000000000001',
      userPrincipalName: 'ada@test.example',
      displayName: 'Ada Byron',
      password: 'secret one',
      roles: ['Tenantry.Admin'],
    },
    {
      id: '11111111-0000-4000-8000-000000000002',
      userPrincipalName: 'bob@test.example',
      displayName: 'Bob Smith',
      password: 'secret two',
    },
  ],
  groups: [
    {
      id: testGroups[0],
      displayName: 'Field engineers',
      members: ['11111111-0000-4000-8000-000000000002'],
    },
    { id: testGroups[1], displayName: 'Office staff' },
  ],
};

function headersOf(init: RequestInit): Record<string, string> {
  return {
    ...(typeof init.body === 'string' ? { 'content-type': 'application/json' } : {}),
    ...Object.fromEntries(new Headers(init.headers)),
  };
}

function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return { value };
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
