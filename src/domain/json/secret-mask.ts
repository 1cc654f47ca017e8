/** What Intune shows in place of a value that it will not tell. */
export const secretMask = '****';
