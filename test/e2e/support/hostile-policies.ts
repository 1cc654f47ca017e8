/** JSON that changes in a parser and a writer, a database or a stack. */
export interface HostilePolicy {
  readonly what: string;
  /** The collection and its policy type. */
  readonly path: string;
  readonly type: string;
  /** The policy as JSON text. */
  readonly text: string;
  /** Spellings that must survive unchanged. */
  readonly spellings: readonly string[];
}

const catalogPath = '/deviceManagement/configurationPolicies';
const profilePath = '/deviceManagement/deviceConfigurations';

/** Every spelling stands once in a property of the policy and, in the settings catalog, once inside a setting. */
const spellings: readonly (readonly [what: string, member: string])[] = [
  ['a __proto__ key', '"__proto__":{"isAdmin":true}'],
  ['constructor and toString keys', '"constructor":{"prototype":{"x":1}},"toString":null'],
  ['a NUL escape', '"nul":"a\\u0000b"'],
  ['an integer above 2^53', '"large":9007199254740993'],
  ['trailing zeros and exponents', '"numbers":[1.0,-0,1.50,1e400,1E+2]'],
  ['lone surrogates', '"lone":"\\ud800 and \\udc00"'],
  ['a repeated key', '"twice":1,"twice":2'],
  ['escapes that need not be', '"\\u0061\\/b":"\\u00e9\\/"'],
  ['text beyond the BMP and above ASCII', '"text":"é\u2028😀\u{10FFFF}"'],
];

/** The policies to seed, two for each spelling. */
export const hostilePolicies: readonly HostilePolicy[] = spellings.flatMap(([what, member]) => [
  {
    what: `${what} in a settings catalog policy`,
    path: catalogPath,
    type: 'settingsCatalogPolicy',
    text: `{"name":"Hostile: ${what}","platforms":"windows10",${member},"settings":[{"settingInstance":{"settingDefinitionId":"x",${member}}}]}`,
    spellings: [`"platforms":"windows10",${member}`, `"settingDefinitionId":"x",${member}`],
  },
  {
    what: `${what} in a device configuration`,
    path: profilePath,
    type: 'deviceConfiguration',
    text: `{"@odata.type":"#microsoft.graph.windows10GeneralConfiguration","displayName":"Hostile: ${what}",${member}}`,
    spellings: [member],
  },
]);

/** A profile nested deeper than the product's limit. */
export function deepProfileText(displayName: string, levels: number): string {
  const nested = `${'['.repeat(levels)}${']'.repeat(levels)}`;
  return `{"@odata.type":"#microsoft.graph.windows10GeneralConfiguration","displayName":"${displayName}","deep":${nested}}`;
}

/** A script policy of at least the given size in bytes. */
export function largeScriptText(displayName: string, bytes: number): string {
  return `{"displayName":"${displayName}","fileName":"large.ps1","scriptContent":"${'A'.repeat(bytes)}"}`;
}
