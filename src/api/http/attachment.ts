import { fileNameBytesMax, safeFileName } from '#domain/archive/safe-file-name.ts';

/**
 * Content-Disposition for a download (RFC 6266): the name in ASCII for old clients, without quotes and line breaks, and
 * the whole name for the others.
 */
export function attachment(fileName: string): string {
  const extension = /\.[a-z.]{1,20}$/.exec(fileName)?.[0] ?? '';
  const stem = fileName.slice(0, fileName.length - extension.length);
  const name = safeFileName(stem, fileNameBytesMax - extension.length) + extension;
  const ascii = name.normalize('NFKD').replaceAll(/[^\w. -]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
