/** Intune shows this in place of a secret value. */
export const secretMask = '****';
