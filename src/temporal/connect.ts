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

/** The options that the TEMPORAL_* variables describe: address, API key, TLS. Files are left out: one place configures. */
function connectOptions(env: NodeJS.ProcessEnv) {
  const present = Object.entries(env).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  return loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(present),
    disableFile: true,
  }).connectionOptions;
}

/**
 * gRPC would wait up to two minutes before it tries a server again that was away, and fail every start until then.
 */
const reconnectAfterMs = { min: 200, max: 2_000 };

/** How long a call pauses before it is tried again. */
const retryPauseMs = { first: 100, max: 500, growth: 1.7, jitterShare: 0.2 };

/**
 * The SDK's retries with shorter pauses. A call notices its deadline only when a pause is over, and the SDK's grow to
 * five seconds: a start that is to be answered within ten would take sixteen.
 */
const retries: GrpcRetryOptions = {
  ...defaultGrpcRetryOptions(),
  delayFunction: (attempt) => {
    const { first, max, growth, jitterShare } = retryPauseMs;
    return Math.min(max, first * growth ** attempt) * (1 + (Math.random() * 2 - 1) * jitterShare);
  },
};

/** Temporal as the product uses it. */
export interface Temporal {
  readonly client: Client;
  /** The search attribute that holds a run's id; see search-attributes.ts. */
  readonly runIdAttributeName: string;
}

/** Where Temporal is, and what its namespace and attributes are called. */
export type TemporalConfig = Pick<
  Config,
  'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_RUN_ID_ATTRIBUTE'
>;

/** A client that connects when it is first used, so that the API starts and answers while Temporal is away. */
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

/** The connection of a worker. Rejects when the server cannot be reached. */
export function connectWorker(env: NodeJS.ProcessEnv, config: Config): Promise<NativeConnection> {
  const { address: _address, ...options } = connectOptions(env);
  return NativeConnection.connect({ ...options, address: config.TEMPORAL_ADDRESS });
}
