/** A condition: the property of an object has this value. */
export interface PropertyEquals {
  readonly property: string;
  readonly equals: boolean | string | number;
}
