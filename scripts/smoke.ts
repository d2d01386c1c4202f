import { Problem, runMain } from './local/problem.ts';
import { readArguments } from './local/read-arguments.ts';
import { untilToldToStop } from './local/until-told-to-stop.ts';
import { CHECKS, type Deployment } from './smoke/checks.ts';
import { SmokeClient } from './smoke/client.ts';
import { SmokeTasks } from './smoke/tasks.ts';

const USAGE = `API_KEY=… npm run smoke -- https://HOST [--key KEY] [--project ID]

Checks a deployment from outside, with tasks of its own that it deletes again. The key, from API_KEY or --key, needs
the scopes read, write and admin, and all projects or the one of --project, which no agent may be working on.
API_KEY is the better way, because the shell and npm show the value of --key.
--insecure instead of a key is for a local service that lets everybody in.`;

const readTyped = () =>
  readArguments(USAGE, {
    allowPositionals: true,
    options: {
      key: { type: 'string', default: process.env['API_KEY'] ?? '' },
      project: { type: 'string', default: `smoke-${Date.now()}` },
      insecure: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });

function urlOf(positionals: readonly string[]): URL {
  const [url = ''] = positionals;
  if (positionals.length === 1 && /^https?:\/\//.test(url) && URL.canParse(url)) return new URL(url);
  throw new Problem(`Name one service, such as https://tasks.example.com\n\n${USAGE}`);
}

function keyOf(key: string, insecure: boolean): string | undefined {
  if (key === '' && insecure) return undefined;
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new Problem(`Set API_KEY, or pass --key, to a key without spaces\n\n${USAGE}`);
}

/** Reports a step in one line; resolves with whether it succeeded. */
async function report(name: string, run: () => Promise<string>): Promise<boolean> {
  try {
    console.log(`ok    ${name}: ${await run()}`);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.log(`FAIL  ${name}: ${error.message}`);
    return false;
  }
}

async function runChecks(deployment: Deployment, isStopped: () => boolean): Promise<boolean> {
  let passed = true;
  for (const [name, check] of Object.entries(CHECKS)) {
    if (isStopped()) return false;
    passed = (await report(name, () => check(deployment))) && passed;
  }
  return passed;
}

async function main(): Promise<void> {
  const { values, positionals } = readTyped();
  if (values.help) return console.log(USAGE);
  const { project, insecure } = values;
  const client = new SmokeClient(urlOf(positionals), keyOf(values.key, insecure));
  const tasks = new SmokeTasks(client, project);
  let stopped = false;
  // Waits for pending requests: a write after the clean-up would stay.
  void untilToldToStop().then(() => {
    stopped = true;
  });
  const goOn = () => {
    if (stopped) throw new Problem('told to stop');
  };
  let passed = false;
  try {
    passed = await runChecks({ client, tasks, project, insecure, goOn }, () => stopped);
  } finally {
    passed = (await report('clean-up', async () => `${await tasks.deleteAll()} tasks deleted`)) && passed;
  }
  process.exit(passed ? 0 : 1);
}

await runMain(main);
