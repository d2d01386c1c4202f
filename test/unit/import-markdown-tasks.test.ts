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
});
