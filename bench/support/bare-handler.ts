import { connect } from '../../src/db/drivers/connect.ts';
import { RETRY_POLICY } from '../../src/db/retry.ts';
import { unrestricted } from '../../src/domain/access.ts';
import { nextTask } from '../../src/operations/next-task.ts';

const caller = unrestricted('bench');
const ports = {
  sleep: () => Promise.resolve(),
  random: () => 0,
  now: () => performance.now(),
  // Only writes ask for these.
  identity: () => ({ caller: '', key: undefined }),
  newId: () => '',
  onReplay: () => undefined,
};

/** The runtime, driver, statement and JSON of GET /tasks/next, and nothing else. */
export default {
  async fetch(request: Request, env: { DATABASE_URL: string }): Promise<Response> {
    const project = new URL(request.url).searchParams.get('project') ?? '';
    const database = connect({ driver: 'neon', connectionString: env.DATABASE_URL }, RETRY_POLICY, ports);
    const answer = await nextTask.run({ database, caller }, { project, status: 'pending', wait_seconds: 0 });
    return Response.json({ success: true, ...answer });
  },
};
