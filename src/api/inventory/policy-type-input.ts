import { z } from 'zod';
import { policyTypes } from '#domain/policy-types/catalogue.ts';

/** The key of a policy type that there is. */
export const policyTypeInput = z.enum(
  policyTypes.map(({ type }) => type),
  'is not a known policy type',
);
