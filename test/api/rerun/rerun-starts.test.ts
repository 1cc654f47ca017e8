import { describe, expect, it } from '@jest/globals';
import { apiRoutes } from '#api/api-routes.ts';
import { startsOf } from '#api/rerun/rerun-routes.ts';
import { operationTypes } from '#domain/run/operation.ts';

describe('rerun', () => {
  // Catches: an operation whose route declares no start, so that its reruns end in an internal error.
  it('has one start for every operation but the import', () => {
    const operations = startsOf(apiRoutes).map(({ operation }) => operation);
    const wanted = operationTypes.filter((operation) => operation !== 'policies.import');
    expect(operations.toSorted()).toEqual(wanted.toSorted());
  });
});
