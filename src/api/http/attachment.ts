import { fileNameBytesMax, safeFileName } from '#domain/archive/safe-file-name.ts';

/**
 * The value of Content-Disposition that offers a download under a name: in ASCII for old clients, which must not be
 * able to read a quote or a line break out of it, and as it is for the others (RFC 6266).
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
