import type { PropertyEquals } from './property-equals.ts';

/** How a policy of a type is written back. */
export interface RestoreRule {
  /** Policies of lower waves are written before those of higher ones, which refer to them. */
  readonly wave: RestoreWave;
  readonly create: CreateRule;
  /** The verb of a change of the whole object; PUT replaces it. */
  readonly update: 'PATCH' | 'PUT';
  /** Properties of the item that Graph refuses in a new object, besides annotations; dots lead into objects. */
  readonly stripOnCreate: readonly string[];
  /** Properties of the item that Graph refuses in a change. */
  readonly stripOnUpdate: readonly string[];
  /** What it refuses besides in a change of an object that every tenant has. */
  readonly stripInPlace: readonly string[];
  /** Properties that a new object must say nothing of by an empty text: null is refused. */
  readonly emptyWhenNull: readonly string[];
  /** Objects within the item that it refers to. Graph shows them whole and takes their ids alone; dots as above. */
  readonly referredTo: readonly string[];
  /** Objects that every tenant has: changed in place by their id, never created, assigned or deleted. */
  readonly inPlaceWhen: PropertyEquals | null;
  /**
   * A property that could lock people out: a new object gets the harmless value, one that is there keeps its own,
   * unless the restore's option asks for what was backed up. Null where there is none.
   */
  readonly guarded: {
    readonly property: string;
    readonly whenCreated: string;
    readonly option: 'conditionalAccessState';
  } | null;
  /** What has to be done besides, in this order. */
  readonly steps: readonly RestoreStep[];
}

/**
 * 1 scope tags; 2 filters, roles, templates, places; 3 what settings refer to; 5 all other policies; 9 policy sets;
 * 10 conditional access. Certificates (4) are profiles among others, and come first within 5 because others refer to
 * them; references, assignments and priorities (6 to 8) are steps, and no types.
 */
export type RestoreWave = 1 | 2 | 3 | 5 | 9 | 10;

export type CreateRule =
  /** `POST {collection}`. The children named are part of the body. */
  | { readonly by: 'post'; readonly withChildren: readonly string[] }
  /** `POST {collection}` takes these properties alone; a PATCH brings the rest. */
  | { readonly by: 'postThenPatch'; readonly properties: readonly string[] }
  /** `POST {path}` with `{property}` of the item in it, the settings under `settingsKey`. */
  | {
      readonly by: 'template';
      readonly path: string;
      readonly child: string;
      readonly settingsKey: string;
    }
  /** The ids are the same everywhere and given by Microsoft: `PATCH {collection}/{id}` makes it. */
  | { readonly by: 'fixedId' };

export type RestoreStep =
  /** `POST {item}/{action}` with the whole child under `key`. */
  | {
      readonly step: 'postChild';
      readonly action: string;
      readonly key: string;
      readonly child: string;
    }
  /** `POST {item}/{action}` with one property of the item. */
  | {
      readonly step: 'postProperty';
      readonly action: string;
      readonly property: string;
    }
  /**
   * `POST {item}/{child}` once for each element, the one of which `first` holds before the others; `PATCH` and `DELETE`
   * of what is there. `fixed` are properties that no PATCH may name.
   */
  | {
      readonly step: 'postEach';
      readonly child: string;
      readonly first: PropertyEquals | null;
      readonly fixed: readonly string[];
    }
  /** `PATCH {item}` with the child as the property of its name. */
  | { readonly step: 'patchChild'; readonly child: string }
  /** `POST {item}/targetApps` with the apps and the item's `appGroupType`. */
  | { readonly step: 'targetApps'; readonly child: string }
  /** `POST {item}/updateSettings` with what is to be set. Nothing can be taken away, only be without a value. */
  | { readonly step: 'updateSettings'; readonly child: string }
  /** `POST {item}/updateDefinitionValues` with what is added, changed and gone. */
  | { readonly step: 'updateDefinitionValues'; readonly child: string; readonly nested: string }
  /** `POST` or `PUT` of `@odata.id` to the `$ref` of each of these children. */
  | { readonly step: 'links'; readonly children: readonly string[] }
  /** `POST /deviceManagement/roleAssignments` bound to the role; the nested objects say who is meant. */
  | { readonly step: 'roleAssignments'; readonly child: string; readonly nested: string }
  /** `POST {item}/setPriority`, after all assignments and in ascending order. */
  | { readonly step: 'setPriority' };
