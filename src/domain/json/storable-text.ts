/**
 * Takes any string of Graph's and returns one that a Postgres text column accepts: NUL and lone surrogates
 * become U+FFFD. For index columns only; the snapshot keeps what was sent.
 */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}
