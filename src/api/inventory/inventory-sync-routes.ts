import { z } from 'zod';
import { tenantRoute } from '#api/http/define-route.ts';
import { type BodyOf, nothing } from '#api/http/input-schemas.ts';
import type { Route } from '#api/http/route.ts';
import { startsAgain } from '#api/run/start-again.ts';
import { startedSchema, startRun } from '#api/run/start-run.ts';
import type { AskedParameters } from '#domain/run/run-parameters.ts';
import { inventorySync } from '#domain/run/run-requests.ts';
import { policyTypeInput } from './policy-type-input.ts';

/** More than the number of types; a type that occurs twice counts once. */
const typesMax = 200;

export const inventorySyncRoutes: readonly Route[] = [
  tenantRoute(
    {
      operationId: 'syncInventory',
      method: 'post',
      path: '/api/v1/tenants/{tenantId}/inventory-syncs',
      summary: 'Starts a run that lists the policies of the tenant, of some types or of all',
      tag: 'Policies',
      access: 'operator',
      query: nothing,
      body: z.strictObject({
        types: z.array(policyTypeInput).min(1).max(typesMax).optional(),
      } satisfies BodyOf<AskedParameters<'inventory.sync'>>),
      answer: { status: 202, schema: startedSchema },
      starts: startsAgain('inventory.sync', ({ deps, caller, tenantId }, { parameters }) =>
        startRun(deps, caller, inventorySync(tenantId, parameters.types)),
      ),
      problems: ['dispatch_failed'],
    },
    async ({ deps, caller, tenantId, body }) =>
      startRun(deps, caller, inventorySync(tenantId, body.types)),
  ),
];
