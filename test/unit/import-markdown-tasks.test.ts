import { describe, expect, it } from 'vitest';
import { readTodoMd } from '../../scripts/import/todo-md.ts';

describe('which lines of Markdown belong to which task', () => {
  it('the section of a task ends where another task begins, though that heading is smaller', () => {
    const { tasks } = readTodoMd(
      '## TASK-001: Epic\n**Priority**: Low\n#### Goal\nShip\n### TASK-002: Child\n**Status**: ✅ Completed\n**Dependencies**: TASK-003\n### TASK-003: Other\n**Status**: Cancelled\n',
    );
    expect(tasks).toMatchObject([
      { id: 'TASK-001', status: 'pending', priority: 3, needs: [], notes: ['#### Goal', 'Ship'] },
      { id: 'TASK-002', status: 'completed', needs: [{ id: 'TASK-003' }] },
      { id: 'TASK-003', status: 'cancelled' },
    ]);
  });

  it('the section of a task ends at what is only meant for one, too', () => {
    const { tasks, leftOut } = readTodoMd('## TASK-1: a  \n### TASK-2\n**Status**: Completed\n');
    expect(tasks).toMatchObject([{ id: 'TASK-1', description: 'a', status: 'pending', notes: [] }]);
    expect(leftOut).toHaveLength(1);
  });

  it('a task beside the lines of its parent leaves those to the parent', () => {
    const { tasks } = readTodoMd(
      '- [ ] **TODO-6**: parent\n  - Priority: High\n  - Dependencies: TODO-7\n  - [ ] write tests\n  - Parts\n    - one\n    - [x] **TODO-6-1**: child\n- [ ] **TODO-7**: other\n',
    );
    expect(tasks).toMatchObject([
      {
        id: 'TODO-6',
        priority: 1,
        needs: [{ id: 'TODO-7' }],
        notes: ['Dependencies: TODO-7', 'write tests', 'Parts', '- one'],
      },
      { id: 'TODO-6-1', status: 'completed' },
      { id: 'TODO-7' },
    ]);
  });

  it.each([
    [
      '### TODO-050: x\n**Input Data:**\n- **PRD-006**: section 3\n**Dependencies**:\n- **TODO-051**: first\n',
    ],
    [
      '- [ ] **TODO-050**: x\n  - Input Data:\n    - **PRD-006**: section 3\n  - Dependencies: both\n    - **TODO-051**: first\n',
    ],
  ])('an item below a field is a value of it, however it begins: %j', (text) => {
    const { tasks, leftOut } = readTodoMd(`${text}- [ ] **TODO-051**: y\n`);
    expect(leftOut).toEqual([]);
    expect(tasks).toMatchObject([
      { id: 'TODO-050', inputs: [expect.stringContaining('PRD-006')], needs: [{ id: 'TODO-051' }] },
      { id: 'TODO-051', description: 'y' },
    ]);
  });

  it('an item with a box below a field is a task', () => {
    const { tasks } = readTodoMd('**Dependencies:**\n- [ ] **TODO-051**: y\n');
    expect(tasks).toMatchObject([{ id: 'TODO-051' }]);
  });

  it.each([
    ['- [ ] **ren-a1**: x', 'ren-a1'],
    ['- [ ] **TODO-IMPL**: x', 'TODO-IMPL'],
    ['- [ ] **TODO_7**: x', 'TODO_7'],
    ['- [ ] **TODO 8**: x', 'TODO 8'],
    ['- [ ] **TODO#9**: x', 'TODO#9'],
    ['- [ ] **TODO-12.1**: x', 'TODO-12.1'],
    ['- [x] **bd-a3f8**: x', 'bd-a3f8'],
    ['- [ ] __TODO-18__: x', 'TODO-18'],
    ['### 7. TASK-8: x', 'TASK-8'],
    ['### Task TASK-11: x', 'TASK-11'],
    ['### TASK-9 : x', 'TASK-9'],
    ['### TASK-12.1: x', 'TASK-12.1'],
    ['### Task 7: x', 'Task 7'],
    ['TASK-5: x\n---', 'TASK-5'],
  ])('%j is a task, whether or not its id fits', (line, id) => {
    const { tasks, leftOut } = readTodoMd(`${line}\n\n### TASK-99: y\n**Dependencies**: ${id}, TASK-3\n`);
    expect(leftOut).toEqual([]);
    expect(tasks).toMatchObject([{ id, description: 'x' }, { id: 'TASK-99' }]);
    expect(tasks[1]?.needs).toContainEqual({ id });
    expect(tasks[1]?.needs).toHaveLength(2);
  });

  it.each([
    '- [ x ] **TODO-22**: x',
    '- [] **TODO-21**: x',
    '- [ ]**TODO-20**: x',
    '- [ ] **10**: x',
    '- [ ] **[TODO-15]**: x',
    '- [ ] **Write it**: x',
    '- [ ] *TODO-17*: x',
    '- [ ] ~~**TODO-58**: x~~',
    '> - [ ] **Later**: x',
    '### TASK-12',
    '### 7. TASK-8 x',
    '### [x] TASK-7: x',
    '### Task 7',
  ])('%s is no task, and told', (line) => {
    const { tasks, leftOut } = readTodoMd(`${line}\n`);
    expect(tasks).toEqual([]);
    expect(leftOut).toEqual([expect.stringContaining('is no task: it does not begin as ')]);
  });

  it.each(['- [TASK-1: x](#task-1)', '- [ ] buy milk', '- **Note**: x', '### Tasks', '### Phase 2: x'])(
    '%s is neither a task nor told',
    (line) => {
      expect(readTodoMd(`${line}\n`)).toEqual({ tasks: [], leftOut: [] });
    },
  );

  it('a checklist below a task is of the task, though it is bold', () => {
    const { tasks, leftOut } = readTodoMd('### TASK-1: x\n- [ ] **Write it**: y\n');
    expect(leftOut).toEqual([]);
    expect(tasks).toMatchObject([{ id: 'TASK-1', notes: ['Write it: y'] }]);
  });
});
