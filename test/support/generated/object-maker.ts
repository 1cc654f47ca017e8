import { namedGuid, seededRandom, type SeededRandom } from './seeded-random.ts';

/** The body of a seed object; its children and assignments are inside. */
export type SeedBody = Record<string, unknown>;

/** The arguments of the maker of one object. */
export interface Making {
  readonly seed: number;
  /** The place of the object in its collection, from 0. */
  readonly index: number;
  /** The number of objects in each collection, by path. */
  readonly counts: ReadonlyMap<string, number>;
  readonly random: SeededRandom;
  readonly id: string;
  readonly name: string;
  /** True if this object may refer to a missing object. */
  readonly dangles: boolean;
  /** True if this object may hold a secret, which Graph never returns. */
  readonly secrets: boolean;
}

/** A kind of object: its path, its maker, and its number in a tenant. */
export interface ObjectMaker {
  readonly path: string;
  readonly label: string;
  /** Its share of the objects outside the settings catalog. */
  readonly weight: number;
  /** The least and the most that a tenant has. */
  readonly countMin: number;
  readonly countMax: number;
  /** The form of the ids, with the placeholders `{guid}` and `{number}`. */
  readonly idForm: (making: { seed: number; index: number }) => string;
  /** Names are unique within a tenant. */
  readonly uniqueNames: boolean;
  readonly make: (making: Making) => SeedBody;
}

/** The entry of a kind; by default with GUIDs as ids and without a limit. */
export function maker(
  path: string,
  label: string,
  weight: number,
  make: ObjectMaker['make'],
  unusual: Partial<ObjectMaker> = {},
): ObjectMaker {
  return {
    path,
    label,
    weight,
    countMin: 1,
    countMax: Number.POSITIVE_INFINITY,
    idForm: ({ seed, index }) => namedGuid(`${seed} ${path} ${index}`),
    uniqueNames: false,
    make,
    ...unusual,
  };
}

/** Names that have broken other tools: accents, right-to-left scripts, quotes, slashes, emoji, look-alikes. */
const awkwardNames = [
  'Grüße aus Zürich',
  "O'Brien's devices",
  'العربية سياسة',
  '日本語のポリシー',
  'R&D / Lab <A>',
  '🔐 Locked down',
  'Ångström “quoted”',
  'Trailing dot.',
] as const;

/** The first of each special case comes early, so small tenants have some as well. */
const everyAwkward = 7;
const firstAwkward = 2;
const everyTwin = 9;
const firstTwin = 1;
const everyDangling = 11;
const firstDangling = 4;

/** Makes one object of a kind, always the same for the same seed and place. */
export function makeObject(
  kind: ObjectMaker,
  place: Pick<Making, 'seed' | 'index' | 'counts' | 'secrets'> & { readonly dangling: boolean },
): SeedBody {
  const { counts, index, secrets, seed } = place;
  const random = seededRandom(`${seed} ${kind.path} ${index} body`);
  const making: Making = {
    seed,
    index,
    counts,
    random,
    secrets,
    id: kind.idForm(place),
    name: nameOf(kind, index),
    dangles: place.dangling && index % everyDangling === firstDangling,
  };
  return { id: making.id, ...kind.make(making) };
}

/** Some names appear twice within a type, as Intune allows for most types; some are hard to handle. */
function nameOf({ label, uniqueNames }: ObjectMaker, index: number): string {
  const named = !uniqueNames && index % everyTwin === firstTwin ? index - 1 : index;
  const number = String(named + 1).padStart(4, '0');
  const awkward = awkwardNames[Math.floor(named / everyAwkward) % awkwardNames.length];
  return named % everyAwkward === firstAwkward
    ? `${label} ${number} ${awkward}`
    : `${label} ${number}`;
}

/** The dates of an object, months apart and never in the future of the tests. */
export function dates({ index, random }: Making): SeedBody {
  const month = String((index % 9) + 1).padStart(2, '0');
  const day = String(random.below(27) + 1).padStart(2, '0');
  return {
    createdDateTime: `2025-${month}-${day}T08:30:00.1234567Z`,
    lastModifiedDateTime: `2026-${month}-${day}T16:05:09.7654321Z`,
  };
}

/** The id of the `index`-th object of a kind, modulo their number. Null if the tenant has none. */
export function idOfOther(making: Making, kind: ObjectMaker, index: number): string | null {
  const count = making.counts.get(kind.path) ?? 0;
  return count === 0 ? null : kind.idForm({ seed: making.seed, index: index % count });
}

/** The id of no object in the tenant. */
export function danglingId(making: Making): string {
  return namedGuid(`${making.seed} nobody ${making.id}`);
}
