/** Text as Intune keeps contents: base64 of its UTF-8. */
export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
