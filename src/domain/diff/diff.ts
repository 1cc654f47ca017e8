import type { PolicyDocument } from '#domain/json/policy-document.ts';
import { compileRules, type CompiledRules } from './compiled-rules.ts';
import { documentNode } from './document-node.ts';
import { isMasked, nodeText } from './node-text.ts';
import {
  type ArrayNode,
  createForms,
  holdsScalars,
  isNull,
  type Node,
  type ObjectNode,
} from './node.ts';
import { pairElements } from './pair-elements.ts';
import { elementPath, memberPath } from './path.ts';
import type { DiffRules } from './rules.ts';

/** One difference between two snapshots. */
export interface Change {
  /**
   * The place by keys, not by positions:
   * `children.settings[the_definition_id].settingInstance.simpleSettingValue.value`.
   */
  readonly path: string;
  /** JSON text, numbers in Graph's spelling; `null` if there was no value. */
  readonly before: string;
  readonly after: string;
}

/**
 * The changes between two documents of one policy type, sorted by path. Elements are paired by key, lists of scalars
 * are sets, volatile members are ignored, and secrets are masked. Assignments that one document does not know are not
 * compared.
 */
export function diffDocuments(
  before: PolicyDocument,
  after: PolicyDocument,
  rules: DiffRules,
): Change[] {
  const compiled = compileRules(rules);
  const reading = { ...compiled, formOf: createForms() };
  const old = documentNode(before, rules, reading);
  const now = documentNode(after, rules, reading);
  const found: Change[] = [];
  for (const part of ['item', 'children', 'assignments']) {
    const [was, is] = [old.members.get(part), now.members.get(part)];
    if (part === 'assignments' && !(isList(was) && isList(is))) continue;
    collect({ before: was, after: is, masked: false, path: part, names: [part] }, compiled, found);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isList(node: Node | undefined): boolean {
  return node?.kind === 'array';
}

/** A place in both documents. */
interface Place {
  readonly before: Node | undefined;
  readonly after: Node | undefined;
  /** True if the value here is a secret. */
  readonly masked: boolean;
  readonly path: string;
  /** The names of the members on the way here; rules are looked up by them. */
  readonly names: readonly string[];
}

/** Adds the differences at a place to `found`. The depth of the documents bounds the recursion. */
function collect(place: Place, rules: CompiledRules, found: Change[]): void {
  const { before, after, masked, path } = place;
  if (saysNothing(before) && saysNothing(after)) return;
  if (before?.form === after?.form) return;
  if (!masked && before?.kind === 'object' && after?.kind === 'object') {
    for (const inner of innerMembers(before, after, place)) collect(inner, rules, found);
  } else if (
    !masked &&
    before?.kind === 'array' &&
    after?.kind === 'array' &&
    !areSets(before, after)
  ) {
    for (const inner of innerElements(before, after, place, rules)) collect(inner, rules, found);
  } else {
    found.push({ path, before: textOf(before, masked), after: textOf(after, masked) });
  }
}

function saysNothing(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}

function areSets(before: ArrayNode, after: ArrayNode): boolean {
  return holdsScalars(before.elements) && holdsScalars(after.elements);
}

function textOf(node: Node | undefined, masked: boolean): string {
  return node === undefined ? 'null' : nodeText(node, masked);
}

function innerMembers(before: ObjectNode, after: ObjectNode, { path, names }: Place): Place[] {
  const secret = before.secret || after.secret;
  return [...new Set([...before.members.keys(), ...after.members.keys()])].map((name) => ({
    before: before.members.get(name),
    after: after.members.get(name),
    masked: isMasked({ secret }, name),
    path: memberPath(path, name),
    names: [...names, name],
  }));
}

function innerElements(
  before: ArrayNode,
  after: ArrayNode,
  { path, names }: Place,
  rules: CompiledRules,
): Place[] {
  const pairs = pairElements(before.elements, after.elements, rules.keysAt(names));
  return pairs.map((pair) => ({
    before: pair.before ?? undefined,
    after: pair.after ?? undefined,
    masked: false,
    path: elementPath(path, pair.label),
    names,
  }));
}
