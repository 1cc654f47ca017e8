import type { PropertyEquals } from './property-equals.ts';

/** The writes of a restore for one policy type. */
export interface RestoreRule {
  /** Lower waves are written first, because policies of higher waves refer to them. */
  readonly wave: RestoreWave;
  readonly create: CreateRule;
  /** The verb for a change of the whole object; PUT replaces it. */
  readonly update: 'PATCH' | 'PUT';
  /** Properties of the item that Graph refuses in a new object, besides annotations; dots lead into objects. */
  readonly stripOnCreate: readonly string[];
  /** Properties of the item that Graph refuses in a change. */
  readonly stripOnUpdate: readonly string[];
  /** Further properties that Graph refuses in a change of an object that every tenant has. */
  readonly stripInPlace: readonly string[];
  /** Properties with an empty text instead of null in a new object: Graph refuses null. */
  readonly emptyWhenNull: readonly string[];
  /** Referenced objects inside the item. Graph shows them whole and accepts only their ids; dots as above. */
  readonly referredTo: readonly string[];
  /** Objects that every tenant has: changed in place by their id, never created, assigned or deleted. */
  readonly inPlaceWhen: PropertyEquals | null;
  /**
   * A property that could lock people out: a new object gets the harmless value, an existing one keeps its own, unless
   * the restore's option asks for the backed-up value. Null without such a property.
   */
  readonly guarded: {
    readonly property: string;
    readonly whenCreated: string;
    readonly option: 'conditionalAccessState';
  } | null;
  /** Further steps, in this order. */
  readonly steps: readonly RestoreStep[];
}

/**
 * 1 scope tags; 2 filters, roles, templates, places; 3 objects that settings refer to; 5 all other policies; 9 policy
 * sets; 10 conditional access. Certificates (4) are ordinary profiles, and references put them first within 5;
 * references, assignments and priorities (6 to 8) are steps, not types.
 */
export type RestoreWave = 1 | 2 | 3 | 5 | 9 | 10;

export type CreateRule =
  /** `POST {collection}`. The named children are part of the body. */
  | { readonly by: 'post'; readonly withChildren: readonly string[] }
  /** `POST {collection}` takes only these properties; a PATCH adds the rest. */
  | { readonly by: 'postThenPatch'; readonly properties: readonly string[] }
  /** `POST {path}` with `{property}` of the item in it, the settings under `settingsKey`. */
  | {
      readonly by: 'template';
      readonly path: string;
      readonly child: string;
      readonly settingsKey: string;
    }
  /** Microsoft gives the ids, equal in every tenant: `PATCH {collection}/{id}` creates the object. */
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
   * `POST {item}/{child}` once per element, elements that fulfil `first` before the others; `PATCH` and `DELETE` for
   * existing ones. A PATCH must not name the `fixed` properties.
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
  /** `POST {item}/updateSettings` with the changed settings. A setting cannot be removed, only lose its value. */
  | { readonly step: 'updateSettings'; readonly child: string }
  /** `POST {item}/updateDefinitionValues` with added, updated and deleted values. */
  | { readonly step: 'updateDefinitionValues'; readonly child: string; readonly nested: string }
  /** `POST` or `PUT` of `@odata.id` to the `$ref` of each of these children. */
  | { readonly step: 'links'; readonly children: readonly string[] }
  /** `POST /deviceManagement/roleAssignments` bound to the role; the nested objects hold the members. */
  | { readonly step: 'roleAssignments'; readonly child: string; readonly nested: string }
  /** `POST {item}/setPriority`, after all assignments and in ascending order. */
  | { readonly step: 'setPriority' };
