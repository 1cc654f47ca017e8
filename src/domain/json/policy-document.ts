import { assertJsonBounds, documentBounds } from './json-bounds.ts';
import { type Parsed, parseLiterals } from './json-literals.ts';
import { jsonText } from './json-text.ts';
import { isParsedObject, ownMember, type ParsedObject } from './parsed-object.ts';

/** The parts of a snapshot's document, numbers in Graph's spelling. */
export interface PolicyDocument {
  readonly item: ParsedObject;
  /** By the catalogue's names of the children. */
  readonly children: ParsedObject;
  /** Null if the snapshot does not know the assignments; they are then neither compared nor written. */
  readonly assignments: readonly Parsed[] | null;
}

/**
 * Parses the text of a snapshot, `{item, children, assignments}`.
 * @throws JsonTextError if the text is too deep, SyntaxError if it is no such document
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
