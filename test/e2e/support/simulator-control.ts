/** The simulator's control surface, and Graph from the view of a tenant's application. */
export interface SimulatorControl {
  /** Sends a control request; a string body goes unchanged. Throws unless the answer is a 2xx. */
  control(method: string, path: string, body?: unknown): Promise<string>;
  /** Seeds objects from JSON texts, because JavaScript objects would lose spellings. */
  seed(tenantId: string, path: string, bodies: readonly string[]): Promise<{ id: string }[]>;
  objects(tenantId: string): Promise<StoredObject[]>;
  /** The Graph calls after the number `since`. */
  requests(since?: number): Promise<GraphRequest[]>;
  faults(rules: readonly unknown[]): Promise<void>;
  throttle(limits: Record<string, unknown>): Promise<void>;
  /** An application token for a tenant, like the worker's. */
  appToken(tenantId: string): Promise<string>;
  /** The text of Graph's answer to a GET below `/beta` with the worker's headers. Throws unless it is a 200. */
  graphText(tenantId: string, path: string): Promise<string>;
}

export interface StoredObject {
  readonly path: string;
  readonly id: string;
  readonly body: Record<string, unknown>;
}

export interface GraphRequest {
  readonly seq: number;
  readonly tenant: string | null;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
}

/** Creates a client of a simulator. `client` is the application with the secret that the simulator checks. */
export function simulatorControl(
  url: string,
  client: { readonly id: string; readonly secret: string },
): SimulatorControl {
  async function control(method: string, path: string, body?: unknown): Promise<string> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${url}/_sim${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} /_sim${path}: ${response.status} ${answer}`);
    return answer;
  }
  async function appToken(tenantId: string): Promise<string> {
    const response = await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.id,
        client_secret: client.secret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`no application token: ${response.status}`);
    return token;
  }
  return {
    control,
    appToken,
    async seed(tenantId, path, bodies) {
      const entries = bodies.map((body) => `{"path":${JSON.stringify(path)},"body":${body}}`);
      const placed = await control(
        'POST',
        `/tenants/${tenantId}/objects`,
        `[${entries.join(',')}]`,
      );
      return JSON.parse(placed) as { id: string }[];
    },
    objects: async (tenantId) =>
      JSON.parse(await control('GET', `/tenants/${tenantId}/objects`)) as StoredObject[],
    requests: async (since = 0) =>
      JSON.parse(await control('GET', `/requests?since=${since}`)) as GraphRequest[],
    faults: async (rules) => void (await control('PUT', '/faults', rules)),
    throttle: async (limits) => void (await control('PUT', '/throttle', limits)),
    async graphText(tenantId, path) {
      const response = await fetch(`${url}/beta${path}`, {
        headers: {
          authorization: `Bearer ${await appToken(tenantId)}`,
          accept: 'application/json;odata.metadata=minimal',
          prefer: 'include-unknown-enum-members',
        },
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${text}`);
      return text;
    },
  };
}
