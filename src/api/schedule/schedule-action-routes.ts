import { objectRoute } from '#api/http/define-route.ts';
import type { Route } from '#api/http/route.ts';
import { startedAnswer, startedSchema } from '#api/run/start-run.ts';
import { pauseSchedule } from '#db/schedule/schedules.ts';
import { startScheduleRun } from '#temporal/schedule/start-schedule-run.ts';
import { changeSchedule } from './change-schedule.ts';
import { aboutOne, type KindFacts } from './schedule-kind.ts';
import { toScheduleView } from './schedule-view.ts';

/** The route that starts the run of a schedule now. */
export function triggerRoute(facts: KindFacts): Route {
  const about = aboutOne(facts);
  return objectRoute(
    {
      ...about,
      operationId: `trigger${facts.word}`,
      method: 'post',
      path: `${about.path}/trigger`,
      summary: `Starts the run of a ${facts.noun} now, even if it is paused`,
      answer: { status: 202, schema: startedSchema },
      problems: ['dispatch_failed'],
    },
    async ({ deps, caller, found }) => {
      const by = { notifiedId: caller.principalId, firingId: null };
      return startedAnswer(deps, await startScheduleRun(deps.runs, found, by));
    },
  );
}

const switches = {
  pause: { paused: true, done: 'paused', summary: 'rest; an active run continues' },
  resume: { paused: false, done: 'resumed', summary: 'continue; missed times are not repeated' },
} as const;

/** The routes that pause and resume a schedule. */
export function switchRoute(facts: KindFacts, verb: keyof typeof switches): Route {
  const { paused, done, summary } = switches[verb];
  const about = aboutOne(facts);
  return objectRoute(
    {
      ...about,
      operationId: `${verb}${facts.word}`,
      method: 'post',
      path: `${about.path}/${verb}`,
      summary: `Lets a ${facts.noun} ${summary}`,
    },
    async ({ deps, caller, tenantId, found }) => {
      const changed = await changeSchedule(deps, { tenantId, caller, done }, (trx) =>
        pauseSchedule(trx, found.id, paused),
      );
      return { body: toScheduleView(changed, deps.config) };
    },
  );
}
