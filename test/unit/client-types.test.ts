import { describe, expectTypeOf, it } from 'vitest';
import type {
  Attempt,
  Client,
  Need,
  NewTask,
  Operations,
  PartialTask,
  Task,
  TaskTrackerErrorCode,
} from '../../client/index.ts';

/** The fields that an object must have. */
type Needed<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name }[keyof T];
type InputOf<Id extends keyof Operations> = Operations[Id]['input'];

// The compiler checks these; a run shows nothing.
describe('the types of the client', () => {
  it('what a request may leave out is optional, and all else is needed', () => {
    expectTypeOf<Needed<NewTask>>().toEqualTypeOf<'description'>();
    expectTypeOf<Needed<InputOf<'getNextTask'>>>().toEqualTypeOf<'project'>();
    expectTypeOf<Needed<InputOf<'listTasks'>>>().toEqualTypeOf<'project'>();
    expectTypeOf<Needed<InputOf<'addTasks'>>>().toEqualTypeOf<'tasks'>();
    expectTypeOf<Needed<InputOf<'claimTask'>>>().toEqualTypeOf<'project_id' | 'agent_id'>();
    expectTypeOf<Needed<InputOf<'getTask'>>>().toEqualTypeOf<'task_id' | 'project'>();
    expectTypeOf<Needed<InputOf<'deleteTask'>>>().toEqualTypeOf<'task_id' | 'project'>();
    expectTypeOf<Needed<InputOf<'updateTaskStatus'>>>().toEqualTypeOf<'task_id' | 'status'>();
    expectTypeOf<Needed<InputOf<'heartbeatClaim'>>>().toEqualTypeOf<'task_id' | 'claim_token'>();
    expectTypeOf<Needed<InputOf<'releaseClaim'>>>().toEqualTypeOf<'task_id' | 'claim_token'>();
  });

  it('an answer has all fields of a task, and success is true', () => {
    expectTypeOf<Needed<Task>>().toEqualTypeOf<keyof Task>();
    expectTypeOf<Operations['getTask']['answer']>().toEqualTypeOf<{
      success: true;
      task: Task;
      attempts?: Attempt[];
      checkpoint?: unknown;
      needs?: Need[];
    }>();
  });

  it('a method without fields takes none, and one with needed fields takes them', () => {
    expectTypeOf<Client['getHealth']>().toBeCallableWith();
    expectTypeOf<Parameters<Client['getTask']>[0]>().toEqualTypeOf<{
      task_id: string;
      project: string;
      include?: string;
    }>();
  });

  it('a list has whole tasks, unless fields or view ask for a part', () => {
    const whole = (client: Client) => client.listTasks({ project: 'p', label: 'docs' });
    const part = (client: Client) => client.listTasks({ project: 'p', fields: 'task_id' });
    const brief = (client: Client) => client.tasks({ project: 'p', view: 'brief' });
    expectTypeOf(whole).returns.resolves.toHaveProperty('tasks').toEqualTypeOf<Task[]>();
    expectTypeOf(part).returns.resolves.toHaveProperty('tasks').toEqualTypeOf<PartialTask[]>();
    expectTypeOf(brief).returns.toEqualTypeOf<AsyncGenerator<PartialTask, void, undefined>>();
  });

  it('an error may have a code that this client does not know yet', () => {
    expectTypeOf<'of_a_later_version'>().toExtend<TaskTrackerErrorCode>();
  });
});
