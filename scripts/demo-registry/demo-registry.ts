/**
 * An in-memory registry that speaks the Distribution API on a loopback port: the demo's, and the tests' double, for any of
 * its answers can be scripted.
 */
import { type Dialect, dockerRegistry28 } from './dialect.ts';
import { answerBlob } from './endpoints/blobs.ts';
import { answerCatalog } from './endpoints/catalog.ts';
import { createMethodAnswer, createNoRouteAnswer, type EndpointContext } from './endpoints/endpoint.ts';
import { answerManifest } from './endpoints/manifests.ts';
import { answerReferrers } from './endpoints/referrers.ts';
import { parseRoute, type Route } from './endpoints/route.ts';
import { answerTags } from './endpoints/tags.ts';
import { createUploadSessions } from './endpoints/upload-sessions.ts';
import { answerUpload, answerUploadStart } from './endpoints/uploads.ts';
import { type Answer, createAnswer } from './server/answer.ts';
import { createScriptedServer, type ScriptedServer } from './server/scripted-server.ts';
import { createRegistryStore, type RegistryStore } from './store/registry-store.ts';

export interface DemoRegistryOptions {
  /** What it holds; default: nothing yet. */
  readonly store?: RegistryStore;
  /** How it speaks; default `dockerRegistry28`. */
  readonly dialect?: Dialect;
  /** Default true. */
  readonly recordsRequests?: boolean;
}

export interface DemoRegistry extends ScriptedServer {
  readonly store: RegistryStore;
}

export function createDemoRegistry(options: DemoRegistryOptions = {}): DemoRegistry {
  const { store = createRegistryStore(), dialect = dockerRegistry28, recordsRequests = true } = options;
  const uploads = createUploadSessions();
  const server = createScriptedServer({
    recordsRequests,
    answer: (request, origin) => answerRequest({ request, store, uploads, dialect, origin }),
  });
  return Object.assign(server, { store });
}

const version = { 'Docker-Distribution-API-Version': 'registry/2.0' };

function answerRequest(context: EndpointContext): Answer {
  const { path } = context.request;
  if (path === '/v2') return createAnswer(301, { Location: '/v2/', ...version });
  const route = parseRoute(path);
  const answer = route ? answerRoute(context, route) : createNoRouteAnswer();
  return { ...answer, headers: { ...answer.headers, ...version } };
}

const methods: Readonly<Record<Route['endpoint'], readonly string[]>> = {
  base: ['GET', 'HEAD'],
  catalog: ['GET'],
  tags: ['GET'],
  manifest: ['GET', 'HEAD', 'PUT', 'DELETE'],
  blob: ['GET', 'HEAD', 'DELETE'],
  uploads: ['POST'],
  upload: ['GET', 'PATCH', 'PUT', 'DELETE'],
  referrers: ['GET'],
};

function answerRoute(context: EndpointContext, route: Route): Answer {
  if (route.endpoint === 'referrers' && !context.dialect.hasReferrersApi) return createNoRouteAnswer();
  const allowed = methods[route.endpoint];
  if (!allowed.includes(context.request.method)) return createMethodAnswer(allowed);
  switch (route.endpoint) {
    case 'base':
      return createAnswer(200, { 'Content-Type': 'application/json; charset=utf-8' }, '{}');
    case 'catalog':
      return answerCatalog(context);
    case 'tags':
      return answerTags(context, route.name);
    case 'manifest':
      return answerManifest(context, route.name, route.reference);
    case 'blob':
      return answerBlob(context, route.name, route.digest);
    case 'uploads':
      return answerUploadStart(context, route.name);
    case 'upload':
      return answerUpload(context, route.name, route.id);
    case 'referrers':
      return answerReferrers(context, route.name, route.digest);
  }
}
