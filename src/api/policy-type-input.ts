import { z } from 'zod';
import { findPolicyType } from '../domain/policy-types/catalogue.ts';

/** The key of a policy type that there is. */
export const policyTypeInput = z
  .string()
  .refine((type) => findPolicyType(type) !== undefined, 'is not a known policy type');
