import { readEnvironment } from './environment.ts';
import { startSimulator } from './server.ts';

try {
  const simulator = await startSimulator(readEnvironment(process.env));
  const stop = (): void => {
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.send?.({ type: 'ready', url: simulator.url });
  process.stdout.write(`simulator listening on ${simulator.url}\n`);
} catch (error) {
  process.stderr.write(
    `the simulator cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
