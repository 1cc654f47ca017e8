import { z } from 'zod';
import { policyTypes } from '#domain/policy-types/catalogue.ts';

/** The key of a known policy type. */
export const policyTypeInput = z.enum(
  policyTypes.map(({ type }) => type),
  'is not a known policy type',
);
