import { signIn } from './password-grant.ts';
import { readDirectory, type DirectoryTenant, type DirectoryUser } from './simulator-directory.ts';
import { readStackFile } from './stack-file.ts';
import { homeFolder, stackFileOf } from './stack-home.ts';

/** A user of the directory and its tenant. */
interface FoundUser {
  tenantId: string;
  user: DirectoryUser;
}

async function token(wanted: string): Promise<string> {
  if (wanted === '') throw new Error('Usage: npm run --silent token -- <user>');
  const home = homeFolder(process.env);
  const stack = readStackFile(stackFileOf(home));
  if (stack === undefined) throw new Error(`No stack runs on ${home}: start one with npm start`);
  const { tenantId, user } = findUser(await readDirectory(stack.simulatorUrl), wanted);
  return signIn(stack.simulatorUrl, tenantId, user);
}

/** Finds the user with this principal name, id or display name. Throws for none and for several. */
function findUser(directory: DirectoryTenant[], wanted: string): FoundUser {
  const everyone = directory.flatMap(({ tenantId, users }) =>
    users.map((user) => ({ tenantId, user })),
  );
  const word = wanted.toLowerCase();
  const found = everyone.filter(({ user }) =>
    [user.userPrincipalName, user.id, user.displayName].some((name) => name.toLowerCase() === word),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = (found.length > 1 ? found : everyone).map(
    ({ user }) => `  ${user.userPrincipalName}`,
  );
  const problem = found.length > 1 ? 'several users are' : 'no user is';
  throw new Error(`In the simulator's directory ${problem} called ${wanted}:\n${names.join('\n')}`);
}

try {
  process.stdout.write(`${await token(process.argv.slice(2).join(' ').trim())}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
