import { findFreePort, isPortFree } from './free-port.ts';

/** The ports of a stack, all on 127.0.0.1. */
export interface StackPorts {
  api: number;
  simulator: number;
  postgres: number;
  temporal: number;
  temporalUi: number;
}

/** 5433, because many machines run a PostgreSQL on 5432; the others are Temporal's defaults. */
const settings: Record<keyof StackPorts, { variable: string; port: number }> = {
  api: { variable: 'PORT', port: 3000 },
  simulator: { variable: 'SIMULATOR_PORT', port: 3400 },
  postgres: { variable: 'POSTGRES_PORT', port: 5433 },
  temporal: { variable: 'TEMPORAL_PORT', port: 7233 },
  temporalUi: { variable: 'TEMPORAL_UI_PORT', port: 8233 },
};

const names = Object.keys(settings) as (keyof StackPorts)[];

/** All zero: each part takes a free port. */
export const freePorts: StackPorts = {
  api: 0,
  simulator: 0,
  postgres: 0,
  temporal: 0,
  temporalUi: 0,
};

/** Reads the ports from the environment. Throws one error that names every wrong variable. */
export function readPorts(env: NodeJS.ProcessEnv): StackPorts {
  const ports = { ...freePorts };
  const wrong: string[] = [];
  for (const name of names) {
    const { variable, port } = settings[name];
    const value = env[variable] || String(port);
    ports[name] = Number(value);
    if (!/^\d+$/.test(value) || ports[name] > 65_535) wrong.push(`${variable}=${value}`);
  }
  if (wrong.length > 0) {
    throw new Error(`Not a port between 0 and 65535: ${wrong.join(', ')}`);
  }
  return ports;
}

/**
 * Replaces each 0 by a free port, so a restarted child keeps its port. Throws one error that names
 * every port in use and the variable to change it.
 */
export async function resolvePorts(wanted: StackPorts): Promise<StackPorts> {
  const ports = { ...wanted };
  const chosen = new Set(Object.values(wanted));
  const taken: string[] = [];
  for (const name of names) {
    while (ports[name] === 0) {
      const port = await findFreePort();
      if (!chosen.has(port)) ports[name] = port;
      chosen.add(port);
    }
    if (!(await isPortFree(ports[name]))) taken.push(`${settings[name].variable}=${ports[name]}`);
  }
  if (taken.length === 0) return ports;
  throw new Error(
    `Something else listens on 127.0.0.1 at ${taken.join(', ')}. Set the variable to another port, or to 0 for a free one.`,
  );
}
