/** Servers for one test: started before it goes on, closed (and held to their script) when it ends. */
import type { TestContext } from 'node:test';
import {
  createDemoRegistry,
  type DemoRegistry,
  type DemoRegistryOptions,
} from '../../scripts/demo-registry/demo-registry.ts';
import {
  createScriptedServer,
  type ScriptedServer,
  type ScriptedServerOptions,
} from '../../scripts/demo-registry/server/scripted-server.ts';
import { type DockerRegistry, type DockerRegistryOptions, startDockerRegistry } from './docker-registry.ts';
import { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts';
import { requireTool } from './require-tool.ts';

export async function useDemoRegistry(t: TestContext, options?: DemoRegistryOptions): Promise<DemoRegistry> {
  const registry = createDemoRegistry(options);
  await registry.listen();
  t.after(() => registry.close());
  return registry;
}

export async function useScriptedServer(t: TestContext, options?: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = createScriptedServer(options);
  await server.listen();
  t.after(() => server.close());
  return server;
}

/** Null when the test was skipped because docker-registry is not installed: then return from it. */
export async function useDockerRegistry(
  t: TestContext,
  options?: DockerRegistryOptions,
): Promise<DockerRegistry | null> {
  if (!requireTool(t, 'docker-registry')) return null;
  const registry = await startDockerRegistry(options);
  if (registry) t.after(() => registry.close());
  return registry;
}

export async function useFaultProxy(
  t: TestContext,
  targetUrl: string,
  options: FaultProxyOptions,
): Promise<FaultProxy & { readonly url: string }> {
  const proxy = createFaultProxy(targetUrl, options);
  const url = await proxy.listen();
  t.after(() => proxy.close());
  return Object.assign(proxy, { url });
}
