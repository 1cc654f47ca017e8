/**
 * Makes a string of Graph acceptable to a Postgres text column: NUL and lone surrogates become U+FFFD. For index
 * columns only; the snapshot keeps the original.
 */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}
