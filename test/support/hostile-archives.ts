import { createHash } from 'node:crypto';
import type { RejectionReason } from '#domain/archive/archive-rejected.ts';
import {
  listed,
  manifestEntry,
  manifestOver,
  policyDocument,
  policyEntry,
  tenantryZip,
  zipOfDocument,
} from './tenantry-zip.ts';
import { localPart, makeZip } from './zip-maker.ts';

const mebibyte = 1024 * 1024;
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const named = (name: string) => tenantryZip({ beside: [{ name, content: '{}' }] });
const folder = 'Settings Catalog';

/** Archives of an attacker by their fault, each with the code of its refusal. */
export const hostileArchives: readonly (readonly [string, RejectionReason, () => Buffer])[] = [
  ['no zip at all', 'not_a_zip', () => Buffer.from(`PK\u0003\u0004${'x'.repeat(100)}`, 'latin1')],
  ['a zip that was cut off', 'not_a_zip', () => tenantryZip().subarray(0, -30)],
  ['something behind the end', 'not_a_zip', () => Buffer.concat([tenantryZip(), Buffer.alloc(9)])],
  ['something before the start', 'damaged', () => Buffer.concat([Buffer.alloc(9), tenantryZip()])],
  [
    'more entries than it counts',
    'damaged',
    () => makeZip([manifestEntry, policyEntry, { name: 'x', content: '' }], { countedEntries: 2 }),
  ],
  ['steps up', 'unsafe_name', () => named('../../etc/passwd')],
  ['steps up in the middle', 'unsafe_name', () => named('a/../../b.json')],
  ['an absolute path', 'unsafe_name', () => named('/etc/passwd')],
  ['a drive letter', 'unsafe_name', () => named('C:/x.json')],
  ['a stream of NTFS', 'unsafe_name', () => named('x.json:evil')],
  ['backslashes', 'unsafe_name', () => named('..\\x.json')],
  ['a NUL', 'unsafe_name', () => named('x\u0000.json')],
  ['an empty segment', 'unsafe_name', () => named('a//b.json')],
  ['an empty name', 'unsafe_name', () => named('')],
  [
    'a name that is no UTF-8',
    'unsafe_name',
    () => {
      const zip = named('policies/X.json');
      const at = zip.lastIndexOf('policies/X.json');
      zip[at + 9] = 0xff;
      return zip;
    },
  ],
  ['a symbolic link', 'not_a_file', () => tenantryZip({ policy: { mode: 0o120777 } })],
  ['a device', 'not_a_file', () => tenantryZip({ policy: { mode: 0o020644 } })],
  ['a folder with content', 'not_a_file', () => named('policies/')],
  ['an encrypted entry', 'encrypted', () => tenantryZip({ policy: { flags: 0x801 } })],
  ['a strongly encrypted entry', 'encrypted', () => tenantryZip({ policy: { flags: 0x2801 } })],
  ['an unknown packing', 'unsupported_compression', () => tenantryZip({ policy: { method: 12 } })],
  [
    'a bomb',
    'suspicious_ratio',
    () => tenantryZip({ beside: [{ name: 'a.json', content: Buffer.alloc(10 * mebibyte, 0x20) }] }),
  ],
  [
    'a bomb that says that it is small',
    'damaged',
    () => tenantryZip({ policy: { content: Buffer.alloc(mebibyte, 0x20), size: 100 } }),
  ],
  [
    'a bomb of many parts',
    'suspicious_ratio',
    () =>
      tenantryZip({
        beside: Array.from({ length: 8 }, (_, index) => ({
          name: `${index}.json`,
          content: Buffer.alloc(mebibyte, 0x20),
        })),
      }),
  ],
  [
    'a file over 16 MiB',
    'too_large',
    () => tenantryZip({ beside: [{ name: 'a.json', content: 'x', size: 16 * mebibyte + 1 }] }),
  ],
  [
    'too many entries',
    'too_many_entries',
    () => makeZip(Array.from({ length: 60_001 }, (_, index) => ({ name: `${index}`, method: 0 }))),
  ],
  ['the same name twice', 'duplicate_name', () => tenantryZip({ beside: [policyEntry] })],
  [
    'a name in another case',
    'duplicate_name',
    () => tenantryZip({ beside: [{ ...policyEntry, name: policyEntry.name.toUpperCase() }] }),
  ],
  [
    'a file that is a folder',
    'duplicate_name',
    () => tenantryZip({ beside: [{ name: `${policyEntry.name}/x.json`, content: '{}' }] }),
  ],
  [
    'entries that overlap',
    'overlapping_entries',
    () => {
      const inner = { name: `${folder}/b.json`, content: '{"name":"b"}' };
      const outer = { name: `${folder}/a.json`, content: localPart(inner), method: 0 };
      return makeZip([outer, { ...inner, writtenAt: 30 + outer.name.length }]);
    },
  ],
  [
    'a header with another name',
    'header_mismatch',
    () => tenantryZip({ policy: { localName: 'policies/scopeTag/Finance__8.json' } }),
  ],
  [
    'a header with another size',
    'header_mismatch',
    () => tenantryZip({ policy: { localSize: 3 } }),
  ],
  [
    'another name in an extra field',
    'header_mismatch',
    () => tenantryZip({ policy: { extra: Buffer.from([0x75, 0x70, 1, 0, 1]) } }),
  ],
  ['a wrong checksum', 'checksum_mismatch', () => tenantryZip({ policy: { crc: 1 } })],
  [
    'something behind the packed data',
    'damaged',
    () => tenantryZip({ policy: { trailing: Buffer.from('hidden') } }),
  ],
  ['a zip in a zip', 'nested_archive', () => tenantryZip({ policy: { content: tenantryZip() } })],
  [
    'a wrong hash',
    'hash_mismatch',
    () => tenantryZip({ policy: { content: policyDocument.replace('Finance', 'Fimance') } }),
  ],
  [
    'a wrong size in the manifest',
    'hash_mismatch',
    () => tenantryZip({ manifest: { content: manifestOver([listed({ bytes: 1 })]) } }),
  ],
  ['a manifest that lists what is not there', 'file_missing', () => makeZip([manifestEntry])],
  ['a manifest that leaves out what is there', 'file_not_listed', () => named('policies/x.json')],
  [
    'a manifest that lists a file twice',
    'file_missing',
    () =>
      tenantryZip({ manifest: { content: manifestOver([listed(), listed({ graphId: '8' })]) } }),
  ],
  [
    'a manifest over other contents',
    'bad_manifest',
    () =>
      tenantryZip({
        manifest: { content: manifestOver([listed()]).replace('"graphId": "7"', '"graphId": "8"') },
      }),
  ],
  [
    'a manifest of another format',
    'bad_manifest',
    () => tenantryZip({ manifest: { content: '{"format":"tenantry","formatVersion":2}' } }),
  ],
  ['a manifest that is no JSON', 'not_json', () => tenantryZip({ manifest: { content: '{' } })],
  ['an id that climbs', 'bad_manifest', () => zipOfDocument(policyDocument, { graphId: '..' })],
  [
    'a policy under the id of another',
    'not_a_policy',
    () => zipOfDocument(policyDocument, { graphId: '8' }),
  ],
  ['an unknown type', 'unknown_type', () => zipOfDocument(policyDocument, { type: 'constructor' })],
  [
    'JSON deeper than 64',
    'too_deep',
    () => zipOfDocument(policyDocument.replace('1.0', nested(64))),
  ],
  [
    'JSON deep enough for a stack',
    'too_deep',
    () => zipOfDocument(policyDocument.replace('1.0', nested(5_000))),
  ],
  ['a policy that is no JSON', 'not_json', () => zipOfDocument('{"item":')],
  [
    'a policy that is no UTF-8',
    'not_json',
    () => {
      const content = Buffer.from(policyDocument.replace('Finance', '\u00ff'), 'latin1');
      const facts = { bytes: content.length, sha256: sha(content) };
      return tenantryZip({
        policy: { content },
        manifest: { content: manifestOver([listed(facts)]) },
      });
    },
  ],
  ['a policy that is no snapshot', 'not_a_policy', () => zipOfDocument('{"item":{"id":"7"}}')],
  [
    'a name of a megabyte',
    'not_a_policy',
    () => zipOfDocument(policyDocument.replace('Finance', 'x'.repeat(mebibyte / 2))),
  ],
  [
    'references without end',
    'too_many_references',
    () =>
      zipOfDocument(
        policyDocument.replace(
          '"one":1.0',
          `"roleScopeTagIds":${JSON.stringify(Array.from({ length: 5_001 }, (_, id) => String(id + 1)))}`,
        ),
      ),
  ],
  ['nothing', 'nothing_to_import', () => makeZip([])],
  [
    'a folder that nobody knows',
    'unknown_file',
    () =>
      makeZip([
        { name: `${folder}/a.json`, content: '{"name":"a"}' },
        { name: 'Own/b.json', content: '{}' },
      ]),
  ],
  [
    'YAML',
    'unknown_file',
    () =>
      makeZip([
        { name: `${folder}/a.json`, content: '{"name":"a"}' },
        { name: `${folder}/a.yaml` },
      ]),
  ],
  [
    'a type that nobody knows in a folder of ours',
    'unknown_type',
    () => makeZip([{ name: 'Tenantry/toString/a.json', content: '{"name":"a"}' }]),
  ],
  [
    'a file of a policy that is none',
    'not_a_policy',
    () => makeZip([{ name: `${folder}/a.json`, content: '[]' }]),
  ],
  [
    'a damaged script beside a policy',
    'checksum_mismatch',
    () =>
      makeZip([
        { name: 'Scripts/Powershell/a.json', content: '{"displayName":"a"}' },
        { name: 'Scripts/Powershell/Script Data/a.ps1', content: 'x', crc: 7 },
      ]),
  ],
  [
    'a policy twice',
    'duplicate_policy',
    () => {
      const name = (suffix: string) =>
        `${folder}/${suffix}__b0b0b0b0-0000-4000-8000-000000000001.json`;
      return makeZip([
        { name: name('a'), content: '{"name":"a"}' },
        { name: name('b'), content: '{"name":"b"}' },
      ]);
    },
  ],
];

function sha(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
