/**
 * More than the policies of any tenant, IntuneCD's scripts included. Above 65,534 entries a zip needs the large format,
 * and an import refuses that.
 */
export const entriesMax = 60_000;
/** No policy comes near this size; see domain/json/json-bounds.ts. */
export const entryBytesMax = 16 * 1024 * 1024;
/** All unpacked files: a tenant of 20,000 policies has some hundred megabytes. */
export const unpackedBytesMax = 1024 * 1024 * 1024;
/** JSON of policies shrinks to a tenth or a thirtieth, a zip bomb to a thousandth. */
export const packingRatioMax = 150;
/** Smaller files are not suspicious: a file of blanks shrinks as well. */
export const ratioFreeBytes = 1024 * 1024;
/** A policy set names a few hundred others. */
export const referencesMax = 5_000;
/** Several times the length of Intune's own names. */
export const nameCharsMax = 1_024;
