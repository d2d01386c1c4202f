import { createApiKey, hashOf, isMistypedKey } from '../src/auth/api-key.ts';
import { parseAccess } from '../src/config/access.ts';
import { Problem, runMain } from './local/problem.ts';
import { readArguments } from './local/read-arguments.ts';

const USAGE = `npm run key:create -- --name NAME --project ID [--project ID …] [--scope read --scope write]

Makes an API key and shows it once, with the entry of API_KEYS that admits it. --project '*' gives access to every project.
The scopes are read, write and admin; read and write unless said otherwise.`;

const readTyped = () =>
  readArguments(USAGE, {
    options: {
      name: { type: 'string' },
      project: { type: 'string', multiple: true },
      scope: { type: 'string', multiple: true, default: ['read', 'write'] },
      help: { type: 'boolean', default: false },
    },
  }).values;

/** Prints a new key and its entry; stores neither. */
await runMain(async () => {
  const { name, project, scope, help } = readTyped();
  if (help) return console.log(USAGE);
  if (name === undefined || project === undefined) throw new Problem(`Give a name and a project\n\n${USAGE}`);
  const key = createApiKey();
  const projects = project.length === 1 && project[0] === '*' ? '*' : project;
  const entry = { name, sha256: hashOf(key).toString('hex'), projects, scopes: scope };
  // Refuses what the Worker would refuse, by the same rules.
  const parsed = parseAccess({ API_KEYS: JSON.stringify([entry]) }, { hashOf, isMistypedKey });
  if (!parsed.ok) throw new Problem(`${parsed.problem}\n\n${USAGE}`);
  console.log(`The key, for whoever is to use it; it is shown this once:

  ${key}

Its entry in the list API_KEYS, beside those that are there:

  ${JSON.stringify(entry)}
`);
});
