import express, { type Application, type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import { createAuthenticator } from '#api/auth/authentication.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { errorHandler } from '#api/http/error-handler.ts';
import { notFound, Problem } from '#api/http/problem.ts';
import { requestLog } from '#api/http/request-log.ts';
import { requestState } from '#api/http/request-state.ts';
import { routeHandler } from '#api/http/route-handler.ts';
import type { Route } from '#api/http/route.ts';
import { routes } from './routes.ts';

const apiRoot = '/api/v1';

/** Pages load only files of this server, without inline code, and never in a frame. */
const securityHeaders = helmet({
  xFrameOptions: { action: 'deny' },
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
});

// Every answer belongs to one caller, so no cache may keep it.
const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

function signIn(deps: ApiDependencies): RequestHandler {
  const authenticate = createAuthenticator(deps);
  return async (request, _response, next) => {
    requestState(request).caller = await authenticate(request);
    next();
  };
}

function refuseOtherMethods(here: readonly Route[]): RequestHandler {
  const methods = here.map(({ method }) => method.toUpperCase());
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
  return () => {
    throw new Problem('method_not_allowed', `This address takes ${allow}.`, {
      headers: { Allow: allow },
    });
  };
}

/** Express routes for the entries of the table, and a 405 for every other method on their paths. */
function routerOf(table: readonly Route[], root: string, deps: ApiDependencies): Router {
  const router = Router({ caseSensitive: true, strict: true });
  // Fixed segments come before parameters: `/notifications/read-all` is no notification.
  const paths = [...new Set(table.map(({ path }) => path))].sort();
  for (const path of paths) {
    const here = table.filter((route) => route.path === path);
    const expressPath = path.slice(root.length).replaceAll(/\{(\w+)\}/g, ':$1');
    const place = router.route(expressPath);
    for (const route of here) place[route.method](routeHandler(route, deps));
    place.all(refuseOtherMethods(here));
  }
  return router;
}

/** The HTTP API as an Express application. Its only state is the cached sign-in keys, so any number of processes may run it. */
export function createApp(deps: ApiDependencies): Application {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', false);
  app.set('query parser', false);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.use(requestLog(deps.log), securityHeaders);
  const isApi = ({ path }: Route) => path.startsWith(`${apiRoot}/`);
  app.use(apiRoot, noStore, signIn(deps), routerOf(routes.filter(isApi), apiRoot, deps));
  app.use(
    routerOf(
      routes.filter((route) => !isApi(route)),
      '',
      deps,
    ),
  );
  app.use(() => {
    throw notFound();
  });
  app.use(errorHandler(deps.log));
  return app;
}
