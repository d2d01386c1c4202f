import type { DatabaseUnderTest } from '../support/database.ts';
import type { Scope } from './client.ts';
import type { CreatedTask } from './intent.ts';

/** Lets a database remember what tasks were added to it, also those that are deleted later. */
export async function rememberCreations(database: DatabaseUnderTest): Promise<void> {
  await database.query(
    'create table creations (seq bigint, project_id text, task_id text, description text)',
  );
  await database.query(
    `create function remember_creation() returns trigger language plpgsql as '
     begin
       insert into creations values (new.seq, new.project_id, new.task_id, new.description);
       return null;
     end'`,
  );
  await database.query(
    'create trigger remember_creation after insert on tasks for each row execute function remember_creation()',
  );
}

/** What was added in a run, in the order of `seq`; what was restored has its old one. */
export async function readCreations(database: DatabaseUnderTest, scope: Scope): Promise<CreatedTask[]> {
  const rows = await database.query<CreatedTask>(
    `select project, task, description
     from (select distinct seq, project_id as project, task_id as task, description from creations) as created
     where starts_with(project, $1)
     order by seq`,
    [scope.projectId('')],
  );
  return scope.localize(rows);
}
