import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { archiveBytes } from '#db/archive/archive-bytes.ts';
import { findArchiveById } from '#db/archive/archives.ts';
import { inTenant } from '#db/database.ts';
import { transitionRun } from '#db/run/runs.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { exportPolicies, importPolicies } from '#domain/run/run-requests.ts';
import { type ApiRequest, type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import {
  addBackupSet,
  addExport,
  addRoleHolders,
  buildTenant,
  exportedBytes,
  mintPersonas,
  type Persona,
  tenantA,
  tenantB,
  type TenantWorld,
} from '#test/api/support/world.ts';
import { tenantryZip } from '#test/support/tenantry-zip.ts';

const mebibyte = 1024 * 1024;

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let exportId: string;

beforeAll(async () => {
  api = await startApi({ env: { IMPORT_MAX_MEBIBYTES: '1' } });
  a = await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
  exportId = await addExport(api, a);
});
afterAll(() => api.stop());

const base = `/api/v1/tenants/${tenantA}`;
const download = (id: string, persona: Persona = 'operator', request: ApiRequest = {}) =>
  api.request(`${base}/exports/${id}`, { token: tokens[persona], ...request });
const startExport = (body: unknown, backupSetId = a.backupSetId) =>
  api.request(`${base}/backup-sets/${backupSetId}/exports`, {
    ...{ method: 'POST', token: tokens.operator, body },
  });

async function changeArchive(id: string, change: ReturnType<typeof sql>): Promise<void> {
  await sql`update archives set ${change} where id = ${id}`.execute(api.database.owner.db);
}

interface Started {
  readonly run: { id: string; target: { id: string }; idempotencyKey: string; parameters: object };
  readonly reused: boolean;
}

describe('the start of an export', () => {
  it('start of an export answers with a run keyed by set and format', async () => {
    const answer = await startExport({ format: 'intunecd' });
    expect(answer.status).toBe(202);
    const { run, reused } = answer.json as Started;
    expect(reused).toBe(false);
    expect(run).toMatchObject({
      operationType: 'policies.export',
      target: { type: 'backup_set', id: a.backupSetId },
      parameters: { format: 'intunecd' },
      idempotencyKey: idempotencyKey(exportPolicies(tenantA, a.backupSetId, 'intunecd')),
    });
    expect(answer.headers.get('location')).toBe(`${base}/runs/${run.id}`);
    const again = (await startExport({ format: 'intunecd' })).json as Started;
    expect(again).toMatchObject({ reused: true, run: { id: run.id } });
    const other = (await startExport({ format: 'tenantry' })).json as Started;
    expect(other.reused).toBe(false);
    // Catches: a download of an unfinished archive.
    expect(await download(run.id)).toMatchObject({ status: 409, json: { code: 'conflict' } });
  });

  it.each([[{}], [{ format: 'yaml' }], [{ format: 'tenantry', more: 1 }]])(
    'refuses %j',
    async (body) => {
      expect(await startExport(body)).toMatchObject({
        status: 400,
        json: { code: 'invalid_request' },
      });
    },
  );

  // Catches: an export of a set in the middle of its backup.
  it('start of an export refuses an unfinished set', async () => {
    const id = randomUUID();
    await inTenant(api.database.app.db, tenantA, (trx) => addBackupSet(trx, id));
    expect(await startExport({ format: 'tenantry' }, id)).toMatchObject({
      status: 409,
      json: { code: 'conflict' },
    });
  });
});

describe('the download of an export', () => {
  it('download streams the zip under a safe name', async () => {
    const answer = await download(exportId);
    expect(answer).toMatchObject({ status: 200, text: exportedBytes.toString() });
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('content-length')).toBe(String(exportedBytes.length));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="Nightly.tenantry.zip"; filename*=UTF-8''Nightly.tenantry.zip`,
    );
    const head = await download(exportId, 'operator', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-length')).toBe(String(exportedBytes.length));
  });

  // Catches: a set's name that ends the header or names a file in another folder.
  it('download escapes names with path separators and quotes', async () => {
    const name = 'a"; filename=../../b\\c:\u202e é"%0d%0a';
    await sql`update backup_sets set name = ${name} where id = ${a.backupSetId}`.execute(
      api.database.owner.db,
    );
    const header = (await download(exportId)).headers.get('content-disposition') ?? '';
    expect(header).toMatch(/^attachment; filename="[\w. -]+"; filename\*=UTF-8''[\w%.~-]+$/);
    expect(header).not.toMatch(/\.\.\/|%2F|%5C|%22/);
  });

  it('download refuses readers, foreign ids, unknown ids and runs of other operations', async () => {
    const b = await buildTenant(api, tenantB);
    const foreign = await addExport(api, b);
    expect((await download(exportId, 'reader')).status).toBe(403);
    expect((await download(foreign, 'owner')).status).toBe(403);
    expect((await download(randomUUID(), 'owner')).status).toBe(404);
    expect((await download(a.runId, 'owner')).status).toBe(404);
  });

  // Catches: an export without an end of its retention.
  it('download answers 404 for an expired export', async () => {
    const expired = await addExport(api, a);
    await changeArchive(expired, sql`expires_at = now() - interval '1 second'`);
    expect(await download(expired)).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  // Catches: stored bytes sent without a check of their integrity.
  it('download refuses a damaged archive', async () => {
    const damaged = await addExport(api, a);
    await sql`update archive_chunks set ciphertext = set_byte(ciphertext, 3, 1 + get_byte(ciphertext, 3) % 255)
      where archive_id = ${damaged}`.execute(api.database.owner.db);
    expect(await download(damaged)).toMatchObject({
      status: 500,
      json: { code: 'snapshot_corrupt' },
    });
  });

  // Catches: a truncated download with a regular end.
  it('download cuts the connection if the end of the archive is damaged', async () => {
    const damaged = await addExport(api, a);
    await changeArchive(damaged, sql`sha256 = sha256('x'), byte_length = byte_length + 1`);
    await expect(download(damaged)).rejects.toThrow();
  });

  it('download refuses the export of a failed run', async () => {
    const { run } = (await startExport({ format: 'tenantry' })).json as Started;
    await inTenant(api.database.app.db, tenantA, (trx) => transitionRun(trx, run.id, 'failed'));
    expect(await download(run.id)).toMatchObject({ status: 409, json: { code: 'conflict' } });
  });
});

describe('the start of an import', () => {
  const zipHeaders = { 'content-type': 'application/zip' };
  const send = (zip: Buffer, request: ApiRequest = {}) =>
    api.request(`${base}/imports`, {
      ...{ method: 'POST', token: tokens.manager, raw: new Uint8Array(zip), headers: zipHeaders },
      ...request,
    });

  it('start of an import stores the zip and answers with a run keyed by its hash', async () => {
    const zip = tenantryZip();
    const sha256 = createHash('sha256').update(zip).digest('hex');
    const answer = await send(zip);
    expect(answer.status).toBe(202);
    const { run, reused } = answer.json as Started;
    expect(reused).toBe(false);
    expect(run).toMatchObject({
      operationType: 'policies.import',
      target: { type: 'backup_set' },
      parameters: { sha256 },
      idempotencyKey: idempotencyKey(importPolicies(tenantA, randomUUID(), sha256)),
    });
    const archive = await inTenant(api.database.app.db, tenantA, (trx) =>
      findArchiveById(trx, run.id),
    );
    const chunks: Buffer[] = [];
    if (archive !== undefined) {
      const stored = archiveBytes(api.database.app.db, api.cipher, archive);
      for await (const chunk of stored) chunks.push(chunk);
    }
    expect(Buffer.concat(chunks).equals(zip)).toBe(true);
    expect((await send(zip)).json).toMatchObject({ reused: true, run: { id: run.id } });
  });

  // Catches: bytes of a refused upload that are read or even stored.
  it('start of an import refuses other files, large files, other media types and callers without the role', async () => {
    const before = await rowCounts(api.database);
    const refusals: [number, string, () => ReturnType<typeof send>][] = [
      [400, 'invalid_request', () => send(Buffer.from('{"a":1}'))],
      [400, 'invalid_request', () => send(Buffer.alloc(0))],
      [400, 'invalid_request', () => send(Buffer.from('PK'))],
      [
        400,
        'invalid_request',
        () =>
          api.request(`${base}/imports?x=1`, {
            ...{ method: 'POST', token: tokens.manager, headers: zipHeaders },
            raw: new Uint8Array(tenantryZip()),
          }),
      ],
      [413, 'payload_too_large', () => send(Buffer.alloc(mebibyte + 1, 'PK\u0003\u0004'))],
      [
        415,
        'unsupported_media_type',
        () => send(tenantryZip(), { headers: { 'content-type': 'application/json' } }),
      ],
      [
        415,
        'unsupported_media_type',
        () => send(tenantryZip(), { headers: { ...zipHeaders, 'content-encoding': 'gzip' } }),
      ],
      [403, 'forbidden', () => send(tenantryZip(), { token: tokens.operator })],
      [403, 'forbidden', () => send(Buffer.from('x'), { token: tokens.none })],
    ];
    for (const [status, code, refused] of refusals) {
      expect(await refused()).toMatchObject({ status, json: { code } });
    }
    expect(await rowCounts(api.database)).toEqual(before);
  });

  it('start of an import accepts the largest zip, in many chunks', async () => {
    const zip = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(mebibyte - 4)]);
    expect((await send(zip)).status).toBe(202);
  });
});
