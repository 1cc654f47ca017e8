import { z } from 'zod';
import { callerRoute } from '#api/http/define-route.ts';
import { flagInput, nothing, pageQuery } from '#api/http/input-schemas.ts';
import { listOf, pageRequest, pageView } from '#api/http/list-answer.ts';
import { readPathId } from '#api/http/path-id.ts';
import { notFound } from '#api/http/problem.ts';
import type { Route } from '#api/http/route.ts';
import { asPrincipals } from '#db/database.ts';
import {
  listNotifications,
  markAllNotificationsRead,
  markNotificationRead,
} from '#db/run/notifications.ts';
import { guidPattern } from '#domain/identity/principal.ts';
import { notificationSchema, toNotificationView } from './notification-view.ts';

const path = '/api/v1/notifications';
const tag = 'Notifications';

const listRoute = callerRoute(
  {
    operationId: 'listNotifications',
    method: 'get',
    path,
    summary: "Notifications about the caller's runs, newest first",
    tag,
    access: 'authenticated',
    query: pageQuery.extend({ unread: flagInput.optional() }),
    body: nothing,
    answer: { status: 200, schema: listOf(notificationSchema) },
  },
  async ({ deps, caller, query }) => {
    const options = { ...pageRequest(path, query), unreadOnly: query.unread ?? false };
    const page = await asPrincipals(deps.db, caller.principalIds, (trx) =>
      listNotifications(trx, caller.principalId, options),
    );
    return { body: pageView(path, page, toNotificationView) };
  },
);

const readRoute = callerRoute(
  {
    operationId: 'readNotification',
    method: 'post',
    path: `${path}/{notificationId}/read`,
    summary: 'Marks a notification of the caller as read',
    tag,
    access: 'authenticated',
    query: nothing,
    body: nothing,
    answer: { status: 200, schema: notificationSchema },
    problems: ['not_found'],
  },
  async ({ deps, caller, params }) => {
    const id = readPathId(params['notificationId'], guidPattern);
    if (id === null) throw notFound();
    const row = await asPrincipals(deps.db, caller.principalIds, (trx) =>
      markNotificationRead(trx, caller.principalId, id),
    );
    if (row === undefined) throw notFound();
    return { body: toNotificationView(row) };
  },
);

const readAllRoute = callerRoute(
  {
    operationId: 'readAllNotifications',
    method: 'post',
    path: `${path}/read-all`,
    summary: 'Marks all notifications of the caller as read',
    tag,
    access: 'authenticated',
    query: nothing,
    body: nothing,
    answer: {
      status: 200,
      schema: z.strictObject({ read: z.int().describe('How many were unread until now') }),
    },
  },
  async ({ deps, caller }) => {
    const read = await asPrincipals(deps.db, caller.principalIds, (trx) =>
      markAllNotificationsRead(trx, caller.principalId),
    );
    return { body: { read } };
  },
);

export const notificationRoutes: readonly Route[] = [listRoute, readRoute, readAllRoute];
