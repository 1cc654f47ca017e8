import { describe, expect, it } from '@jest/globals';
import { diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { isAnnotation } from '#domain/json/odata-annotation.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import { comparableHash } from '#domain/restore/comparable-hash.ts';
import { elementSetHash } from '#graph/capture/element-set-hash.ts';
import { documentOf, typeOf } from '#test/domain/support/documents.ts';

const type = typeOf('deviceConfiguration');

const documentWith = (members: object) => documentOf({ item: { displayName: 'A', ...members } });

describe('an annotation', () => {
  const keys = [
    '@odata.context',
    'assignments@odata.context',
    'displayName@odata.type',
    '@microsoft.graph.tips',
    'settings@microsoft.graph.tips',
    '#microsoft.graph.assign',
    '#foo',
  ];

  // Catches: a revision that reports a change where a diff finds none, so that the policy is read every night.
  it.each(keys)('%s does not count for revisions, diffs and hashes of live objects', (key) => {
    expect(isAnnotation(key)).toBe(true);
    const [plain, annotated] = [documentWith({}), documentWith({ [key]: 'x' })];
    expect(diffDocuments(plain, annotated, diffRulesOf(type.type))).toEqual([]);
    expect(comparableHash(annotated, type)).toBe(comparableHash(plain, type));
    expect(elementSetHash([JSON.stringify({ a: 1, [key]: 'x' })])).toBe(
      elementSetHash(['{"a":1}']),
    );
  });

  it.each(['@odata.type', 'odata', 'a#b', 'microsoft.graph', '__proto__'])(
    '%s is content and no annotation',
    (key) => {
      expect(isAnnotation(key)).toBe(false);
      const annotated = parseDocument(
        `{"item":{"displayName":"A","${key}":"x"},"children":{},"assignments":[]}`,
      );
      expect(diffDocuments(documentWith({}), annotated, diffRulesOf(type.type))).toHaveLength(1);
      expect(elementSetHash([`{"a":1,"${key}":"x"}`])).not.toBe(elementSetHash(['{"a":1}']));
    },
  );
});

describe('a stored hash', () => {
  // Catches: a new rule of comparison that makes every policy of every tenant look changed once. The values were
  // computed before revisions and diffs shared one rule.
  it('equals the hash in databases for an ordinary document', () => {
    const document =
      '{"item":{"@odata.type":"#microsoft.graph.iosCustomConfiguration","id":"1","displayName":"iOS","version":3,"max":9007199254740993,"assignments@odata.context":"x"},"children":{},"assignments":[{"id":"a","target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"g"}}]}';
    expect(comparableHash(parseDocument(document), type)).toBe(
      'eb93c67f141f17323c5339461a5ac0dd65af7a86d8cf43f9984150dede57d64f',
    );
    const assignment =
      '{"@odata.type":"#microsoft.graph.groupAssignmentTarget","id":"a","max":1.0,"x@odata.context":"y"}';
    expect(elementSetHash([assignment])).toBe(
      '5d450be333f6efa48c0eec56d344452c8f667051365d4d4c739e4b452e8cb285',
    );
  });
});
