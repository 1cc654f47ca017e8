/** An object of the sample: its collection's path, and its body with children and assignments. */
export interface SampleObject {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Fixed dates, independent of the day the sample is created. */
export const sampleDates = {
  createdDateTime: '2026-03-02T09:15:00Z',
  lastModifiedDateTime: '2026-08-17T13:40:00Z',
};
