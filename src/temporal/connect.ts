import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  type GrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Config } from '#config.ts';

/** Reads the TEMPORAL_* variables: address, API key, TLS. It reads no configuration file, so that one place configures. */
function connectOptions(env: NodeJS.ProcessEnv) {
  const present = Object.entries(env).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  return loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(present),
    disableFile: true,
  }).connectionOptions;
}

/** By default gRPC waits up to two minutes before it reconnects, and every start fails until then. */
const reconnectAfterMs = { min: 200, max: 2_000 };

/** The pauses between retries of a call. */
const retryPauseMs = { first: 100, max: 500, growth: 1.7, jitterShare: 0.2 };

/**
 * The SDK's retries with shorter pauses. A call notices its deadline only after a pause, and the SDK's pauses grow to
 * five seconds: a start with a limit of ten seconds would take sixteen.
 */
const retries: GrpcRetryOptions = {
  ...defaultGrpcRetryOptions(),
  delayFunction: (attempt) => {
    const { first, max, growth, jitterShare } = retryPauseMs;
    return Math.min(max, first * growth ** attempt) * (1 + (Math.random() * 2 - 1) * jitterShare);
  },
};

/** A client of Temporal and its settings. */
export interface Temporal {
  readonly client: Client;
  /** The search attribute with the run's id; see search-attributes.ts. */
  readonly runIdAttributeName: string;
}

/** The address, the namespace, and the name of the run id attribute. */
export type TemporalConfig = Pick<
  Config,
  'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_RUN_ID_ATTRIBUTE'
>;

/** Makes a client that connects at its first call, so that the API starts and answers while Temporal is away. */
export function createTemporal(env: NodeJS.ProcessEnv, config: TemporalConfig): Temporal {
  const connection = Connection.lazy({
    ...connectOptions(env),
    address: config.TEMPORAL_ADDRESS,
    interceptors: [makeGrpcRetryInterceptor(retries)],
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': reconnectAfterMs.min,
      'grpc.max_reconnect_backoff_ms': reconnectAfterMs.max,
    },
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  return { client, runIdAttributeName: config.TEMPORAL_RUN_ID_ATTRIBUTE };
}

/** Connects a worker. Rejects if Temporal is away. */
export function connectWorker(env: NodeJS.ProcessEnv, config: Config): Promise<NativeConnection> {
  const { address: _address, ...options } = connectOptions(env);
  return NativeConnection.connect({ ...options, address: config.TEMPORAL_ADDRESS });
}
