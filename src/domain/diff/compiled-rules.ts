import { isAnnotation } from '#domain/json/odata-annotation.ts';
import { type Node, scalarText } from './node.ts';
import { type DiffRules, pathNames } from './rules.ts';

/** Rules with their paths split into names. */
export interface CompiledRules {
  readonly ignores: (names: readonly string[]) => boolean;
  readonly isSecret: (members: ReadonlyMap<string, Node>) => boolean;
  /** The paths of the properties by which elements of the list at `names` are identified; empty if no rule fits. */
  readonly keysAt: (names: readonly string[]) => readonly (readonly string[])[];
}

/** Prepares the rules of a type for fast lookups. */
export function compileRules({ pairBy, volatile, kept, secretMarkers }: DiffRules): CompiledRules {
  const [ignored, content] = [volatile, kept].map(compilePaths);
  const lists = pairBy.map(({ path, keys }) => ({
    names: pathNames(path),
    keys: keys.map(pathNames),
  }));
  return {
    ignores: (names) =>
      isAnnotation(names.at(-1) ?? '') || (ignored?.(names) === true && content?.(names) !== true),
    isSecret: (members) =>
      secretMarkers.some(({ property, equals }) => {
        const member = members.get(property);
        return member?.kind === 'scalar' && scalarText(member.value) === JSON.stringify(equals);
      }),
    keysAt: (names) => lists.find((list) => endsWith(names, list.names))?.keys ?? [],
  };
}

/** Compiles paths to a test of names. The index by last name matters: almost every member of a policy fits no path. */
function compilePaths(paths: readonly string[]): (names: readonly string[]) => boolean {
  const byLast = Map.groupBy(paths.map(pathNames), (rule) => rule.at(-1));
  return (names) =>
    [byLast.get(names.at(-1)), byLast.get('*')].some((rules) =>
      rules?.some((rule) => fits(rule, names)),
    );
}

function fits(rule: readonly string[], names: readonly string[]): boolean {
  return (
    rule.length === names.length && rule.every((name, at) => name === '*' || name === names[at])
  );
}

function endsWith(names: readonly string[], tail: readonly string[]): boolean {
  return (
    tail.length <= names.length && tail.every((name, at) => name === names.at(at - tail.length))
  );
}
