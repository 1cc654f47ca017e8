/** More than a tenant has policies, IntuneCD's scripts included; above 65,534 a zip needs another format, which is refused. */
export const entriesMax = 60_000;
/** No policy is near this size; see domain/json/json-bounds.ts. */
export const entryBytesMax = 16 * 1024 * 1024;
/** All files unpacked: a tenant of 20,000 policies has some hundred megabytes. */
export const unpackedBytesMax = 1024 * 1024 * 1024;
/** JSON of policies packs to a tenth or a thirtieth, and a bomb to a thousandth. */
export const packingRatioMax = 150;
/** Below this, packing well is no suspicion: a file of blanks does. */
export const ratioFreeBytes = 1024 * 1024;
/** A policy set names a few hundred others. */
export const referencesMax = 5_000;
/** As long as Intune's own names may be, several times over. */
export const nameCharsMax = 1_024;
