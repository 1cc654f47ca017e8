import { tenantObjects } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { stringOf, valueOf, withMember } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/**
 * Moves an object to a position in its order. Later ones move, so the order has neither gaps nor ties. The tenant's
 * default, priority 0, does not move.
 * @throws GraphProblem (400, 404).
 */
export function setPriority(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const priority = valueOf(bodyObject(writing), 'priority');
  if (typeof priority !== 'number' || priority < 1) {
    throw badRequest("The parameter 'priority' must be a positive number.");
  }
  if (priorityOf(stored) === 0) {
    throw intuneProblem(400, 'BadRequest', 'The priority of the default cannot be changed');
  }
  const others = tenantObjects(writing.target.type, tenantOf(writing))
    .filter((body) => isOfKind(body, stored) && stringOf(body, 'id') !== id)
    .toSorted((left, right) => priorityOf(left) - priorityOf(right));
  const ordered = others.toSpliced(priority - 1, 0, stored);
  for (const [at, body] of ordered.entries()) {
    const text = String(at + 1);
    if (body === stored) save(writing, id, touched(withMember(body, 'priority', text)));
    else if (priorityOf(body) !== at + 1) {
      save(writing, stringOf(body, 'id') ?? '', withMember(body, 'priority', text));
    }
  }
  return { status: 200, headers: {}, body: null };
}

function priorityOf(body: JsonObject): number {
  return Number(valueOf(body, 'priority') ?? 0);
}

/** Configurations of one type and platform share an order; the defaults are outside of it. */
function isOfKind(body: JsonObject, other: JsonObject): boolean {
  return (
    priorityOf(body) > 0 &&
    ['@odata.type', 'platformType', 'platform'].every(
      (key) => stringOf(body, key) === stringOf(other, key),
    )
  );
}
