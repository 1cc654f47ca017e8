/** An object of the sample: the path of its collection and its body, children and assignments inside. */
export interface SampleObject {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The dates of the sample do not depend on the day on which it is made. */
export const sampleDates = {
  createdDateTime: '2026-03-02T09:15:00Z',
  lastModifiedDateTime: '2026-08-17T13:40:00Z',
};
