import type { ApiAnswer, ApiUser } from './api-user.ts';

/** Sends a zip as an import of a user's tenant; `apiUrl` is without `/api/v1`. */
export async function sendZip(
  { tenantId, token }: ApiUser,
  apiUrl: string,
  zip: Buffer,
): Promise<ApiAnswer> {
  const response = await fetch(`${apiUrl}/api/v1/tenants/${tenantId}/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/zip' },
    body: new Uint8Array(zip),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('utf8');
  const { status, headers } = response;
  return { status, headers, bytes, text, json: <T>() => JSON.parse(text) as T };
}
