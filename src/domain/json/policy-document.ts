import { assertJsonBounds, documentBounds } from './json-bounds.ts';
import { type Parsed, parseLiterals } from './json-literals.ts';
import { jsonText } from './json-text.ts';
import { isParsedObject, ownMember, type ParsedObject } from './parsed-object.ts';

/** The parts of a snapshot's document, numbers as they were written. */
export interface PolicyDocument {
  readonly item: ParsedObject;
  /** By the names that the catalogue gives them. */
  readonly children: ParsedObject;
  /** Null where the snapshot does not know of them; then nothing may be said or done about them. */
  readonly assignments: readonly Parsed[] | null;
}

/**
 * Takes the text of a snapshot, `{item, children, assignments}`, and returns its parts.
 * Throws JsonTextError for what is nested too deeply, SyntaxError for what is no such document.
 */
export function parseDocument(text: string): PolicyDocument {
  assertJsonBounds(text, documentBounds);
  const parsed = parseLiterals(text);
  if (!isParsedObject(parsed)) throw new SyntaxError('a snapshot is an object');
  const [item, children, assignments] = ['item', 'children', 'assignments'].map((part) =>
    ownMember(parsed, part),
  );
  if (!isParsedObject(item)) throw new SyntaxError('a snapshot has an item');
  return {
    item,
    children: isParsedObject(children) ? children : {},
    assignments: Array.isArray(assignments) ? assignments : null,
  };
}

/** The text of a document, as {@link parseDocument} reads it. */
export function documentText({ item, children, assignments }: PolicyDocument): string {
  return jsonText({ item, children, assignments: assignments === null ? null : [...assignments] });
}
