import { scalarText } from '../../json/scalar-text.ts';
import { compareValues } from '../order.ts';
import type { Comparison } from './expression.ts';

/** Compares two values like a filter: ignores case; null equals only null or a missing value. */
export function compareOperands(operator: Comparison, left: unknown, right: unknown): boolean {
  switch (operator) {
    case 'eq':
      return equal(left, right);
    case 'ne':
      return !equal(left, right);
    case 'in':
      return (Array.isArray(right) ? right : [right]).some((each) => equal(left, each));
    case 'gt':
      return present(left) && compareValues(left, right) > 0;
    case 'ge':
      return present(left) && compareValues(left, right) >= 0;
    case 'lt':
      return present(left) && compareValues(left, right) < 0;
    case 'le':
      return present(left) && compareValues(left, right) <= 0;
    default:
      return false;
  }
}

function equal(left: unknown, right: unknown): boolean {
  if (!present(left) || !present(right)) return present(left) === present(right);
  return scalarText(left).toLowerCase() === scalarText(right).toLowerCase();
}

function present(value: unknown): boolean {
  return value !== null && value !== undefined;
}
