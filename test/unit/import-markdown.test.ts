import { describe, expect, it } from 'vitest';
import type { TaskList } from '../../scripts/import/listed-task.ts';
import { readTodoMd } from '../../scripts/import/todo-md.ts';

const taskOf = (list: TaskList, id: string) => list.tasks.find((task) => task.id === id);

const LIST = `# Tasks

Prose with TODO-999: no task.

## Done
- [x] **TODO-050**: Write the schema
  - Status: ✅ Completed (2025-10-10)
  - Priority: High
  - Dependencies: TODO-049, once it is merged
- [ ] **TODO-051**: Write the routes
  - Status: ✅ Completed (2025-10-11)
- [x] **TODO-049**: Draw it
- [ ] **TODO-052**: Test them
  - Status: ⚠️ Issues Found
  - Depends on: TODO-050, TODO-051
  - Notes:
    - slow
    - and long
- [ ] **TODO-053**: Deploy
  - Status: 🚫 Blocked
  - Owner: nobody
`;

const SECTIONS = `## Phase 2

### TASK-013: Generate the high-level stories
**Priority**: Critical
**Dependencies**: TASK-012 and the review of it
**Status**: 🔄 In Progress

**Input Data:**
- PRD-006
- \`EPIC-001\`

**Output**: HLS-001, HLS-002

**Description:** From the PRD,
one for each story.

- [ ] someone has read it

### TASK-012: Write the PRD
**Status**: ✅ Completed
`;

const NESTED = `- Epic
  - [x] **TODO-HLS-005-001**: Generate HLS-005 ✅ 2025-10-12
    - Output: HLS-005
    - Status: Draft
  - [ ] **TODO-HLS-005-002**: Review it
    - Blocked by: TODO-HLS-005-001
`;

describe('a list in Markdown', () => {
  it('an item with a bold id is a task with the fields of its lines', () => {
    expect(taskOf(readTodoMd(LIST), 'TODO-050')).toEqual({
      id: 'TODO-050',
      description: 'Write the schema',
      status: 'completed',
      priority: 1,
      needs: [{ id: 'TODO-049' }],
      inputs: [],
      expected_outputs: [],
      notes: ['Status: ✅ Completed (2025-10-10)', 'Dependencies: TODO-049, once it is merged'],
      remarks: [],
    });
    expect(readTodoMd(LIST).tasks.map(({ id }) => id)).toEqual([
      'TODO-050',
      'TODO-051',
      'TODO-049',
      'TODO-052',
      'TODO-053',
    ]);
  });

  it.each([
    ['TODO-049', 'completed', []],
    [
      'TODO-051',
      'completed',
      ['Its box says not done, its status ✅ Completed (2025-10-11); the status is taken'],
    ],
    ['TODO-052', 'failed', ['Issues found; added as failed, so reset it once they are settled']],
    ['TODO-053', 'pending', ['Blocked in the list; added as pending, so give it a need if it has none']],
  ])('%s is taken as %s, with what has to be said', (id, status, remarks) => {
    expect(taskOf(readTodoMd(LIST), id)).toMatchObject({ status, remarks });
  });

  it('what says nothing to this service is kept as notes', () => {
    expect(taskOf(readTodoMd(LIST), 'TODO-052')?.notes).toEqual([
      'Depends on: TODO-050, TODO-051',
      'Notes: - slow\n- and long',
    ]);
    expect(taskOf(readTodoMd(LIST), 'TODO-053')?.notes).toEqual(['Owner: nobody']);
  });

  it('a heading with an id is a task with what follows it', () => {
    const list = readTodoMd(SECTIONS);
    expect(list.tasks).toHaveLength(2);
    expect(list.tasks[0]).toEqual({
      id: 'TASK-013',
      description: 'Generate the high-level stories\n\nFrom the PRD,\none for each story.',
      status: 'pending',
      priority: 0,
      needs: [{ id: 'TASK-012' }],
      inputs: ['PRD-006', 'EPIC-001'],
      expected_outputs: ['HLS-001', 'HLS-002'],
      notes: ['Dependencies: TASK-012 and the review of it', 'someone has read it'],
      remarks: ['In progress in the list; added as pending, since nobody holds it here'],
    });
  });

  it('what begins with something like an id, and is no task, is told', () => {
    const { tasks, leftOut } = readTodoMd(
      '- [x] **TODO-050**: a\n  - [ ] TODO-051 waits\n- [-] **TODO-064**: c\n- AB-1 d\n### ✅ TASK-015: e\n',
    );
    expect(tasks.map(({ id }) => id)).toEqual(['TODO-050']);
    expect(leftOut).toEqual([
      '"[-] **TODO-064**: c" is no task: it does not begin as - [ ] **TODO-050**: title',
      '"✅ TASK-015: e" is no task: it does not begin as ### TASK-013: title',
    ]);
  });

  it('a status that no task can have is that of what the task makes', () => {
    expect(taskOf(readTodoMd(NESTED), 'TODO-HLS-005-001')).toMatchObject({
      description: 'Generate HLS-005',
      status: 'completed',
      expected_outputs: ['HLS-005'],
      notes: ['Completed: 2025-10-12', 'Status: Draft'],
      remarks: [],
    });
    expect(taskOf(readTodoMd(NESTED), 'TODO-HLS-005-002')).toMatchObject({
      status: 'pending',
      needs: [{ id: 'TODO-HLS-005-001' }],
    });
  });

  it.each([
    ['✅ 2025-10-12', 'completed', ['Completed: 2025-10-12']],
    ['✅ Completed 2025-10-12', 'completed', ['Completed: 2025-10-12']],
    ['✅ COMPLETED (2025-10-12)', 'completed', ['Completed: 2025-10-12']],
    ['✅ **DONE**', 'completed', []],
    ['✅ Completed on 2025-10-12', 'completed', ['Mark: ✅ Completed on 2025-10-12']],
    ['⏸️ Blocked', 'pending', []],
    ['🔄', 'pending', []],
  ])('the mark %s after a title is its state, and its date a note', (mark, status, notes) => {
    const { tasks } = readTodoMd(`### TASK-1: Draw it ${mark}\n`);
    expect(tasks).toMatchObject([{ description: 'Draw it', status, notes }]);
  });

  it.each(['(✅ 2025-10-12)', '**✅ 2025-10-12**', '- ✅ 2025-10-12', '— **✅ Completed** (2025-10-12)'])(
    'what surrounds the mark %s is no part of the title',
    (mark) => {
      const { tasks } = readTodoMd(`- [x] **TASK-1**: Draw **it** ${mark}\n`);
      expect(tasks).toMatchObject([
        { description: 'Draw **it**', status: 'completed', notes: ['Completed: 2025-10-12'] },
      ]);
    },
  );

  it('a sign within a title is no mark', () => {
    const { tasks } = readTodoMd('- [ ] **TASK-1**: Draw the ✅ icon\n');
    expect(tasks).toMatchObject([{ description: 'Draw the ✅ icon', status: 'pending', remarks: [] }]);
  });

  it('a mark and a box that disagree are told', () => {
    const { tasks } = readTodoMd('- [ ] **TASK-1**: Draw it ✅ 2025-10-12\n');
    expect(tasks[0]?.remarks).toEqual(['Its box says not done, its title ✅ 2025-10-12; the title is taken']);
  });

  it.each([
    [
      'Blocked by legal',
      'pending',
      'Blocked in the list; added as pending, so give it a need if it has none',
    ],
    [
      'In-Progress since Monday',
      'pending',
      'In progress in the list; added as pending, since nobody holds it here',
    ],
    ['Done but for the tests', 'completed', 'Its status "Done but for the tests" is taken as completed'],
    ['50% complete', 'pending', 'Its status "50% complete" is not known; taken as pending'],
    ['Not done', 'pending', 'Its status "Not done" is not known; taken as pending'],
  ])('the status %s is taken as %s, its words are kept, and it is told', (phrase, status, remark) => {
    const { tasks } = readTodoMd(`### TASK-1: Draw it\n**Status**: ${phrase}\n`);
    expect(tasks).toMatchObject([{ status, notes: [`Status: ${phrase}`], remarks: [remark] }]);
  });

  it('what a status says it is blocked by is a need', () => {
    const { tasks } = readTodoMd('- [ ] **TASK-2**: b\n  - Status: 🚫 Blocked by TASK-1\n');
    expect(tasks[0]?.needs).toEqual([{ id: 'TASK-1' }]);
  });

  it.each([
    ['', ''],
    ['  ', '- [ ] **TASK-2**: b\n'],
  ])('a list ends where a field follows it at once, indented by "%s"', (indentation, item) => {
    const lines = [
      '**Input Data:**',
      '- PRD-006',
      '  of May',
      '- EPIC-001',
      '**Output**: HLS-001',
      'Owner: Ann',
    ];
    const start = item === '' ? '### TASK-2: b\n' : item;
    const { tasks } = readTodoMd(`${start}${lines.map((line) => `${indentation}${line}\n`).join('')}`);
    expect(tasks).toMatchObject([
      { inputs: ['PRD-006 of May', 'EPIC-001'], expected_outputs: ['HLS-001'], notes: ['Owner: Ann'] },
    ]);
  });

  it('nothing below a task is lost, however deep', () => {
    const { tasks } = readTodoMd(
      '- [ ] **TASK-2**: b\n  - Results:\n    - one\n      - two\n        - three\n\n      four\n',
    );
    expect(tasks[0]?.notes).toEqual(['Results: - one\n- two\n- three\n- four']);
  });

  it('what a priority says beyond its first word is kept', () => {
    const { tasks } = readTodoMd('### TASK-2: b\n**Priority:** High | **Effort:** 7 days\n');
    expect(tasks).toMatchObject([{ priority: 1, notes: ['Priority: High | **Effort:** 7 days'] }]);
  });

  it('fields may follow the title of an item at once', () => {
    const { tasks } = readTodoMd('- [ ] **TASK-2**: b\n  **Priority**: High\n  **Owner**: Ann\n');
    expect(tasks).toMatchObject([{ priority: 1, notes: ['Owner: Ann'] }]);
  });

  it('code among the lines of a task stays as it is', () => {
    const { tasks } = readTodoMd('### TASK-2: b\n- run\n```\n- a\nOutput: b\n```\n');
    expect(tasks[0]?.notes.join('\n')).toContain('- a\nOutput: b');
  });

  it('an id that does not fit is read with a box or in a heading, and so are needs for it', () => {
    const { tasks, leftOut } = readTodoMd(
      '- [ ] **todo-57**: a\n- [ ] **TODO-58b**: b\n  - Depends on: todo-57, TODO-50 and TODO-58\n### Task-9: c\n**Dependencies**: TODO-58b\n',
    );
    expect(leftOut).toEqual([]);
    expect(tasks).toMatchObject([
      { id: 'todo-57', needs: [] },
      { id: 'TODO-58b', needs: [{ id: 'TODO-50' }, { id: 'TODO-58' }, { id: 'todo-57' }] },
      { id: 'Task-9', needs: [{ id: 'TODO-58b' }] },
    ]);
  });

  it.each(['---', '==='])('fields above a line %s are no heading', (line) => {
    const { tasks } = readTodoMd(
      `### TASK-1: a\n**Dependencies**: TASK-2\nStatus: Completed\n${line}\n### TASK-2: b\n`,
    );
    expect(tasks).toMatchObject([
      { id: 'TASK-1', status: 'completed', needs: [{ id: 'TASK-2' }] },
      { id: 'TASK-2', status: 'pending' },
    ]);
  });

  it('what stands in a comment does not count, and in code it is no comment', () => {
    const { tasks } = readTodoMd(
      '### TASK-1: a <!-- b -->\n**Status**: Pending\n<!-- old:\nStatus: Completed\n\nPriority: Low\n-->\n**Owner**: Ann <!-- Bob\nStatus: Done --> Cid\n- [ ] **TASK-2**: c\n  <!-- Status: Completed -->\n  - Note: `<!-- d -->`\n<!--\n- [ ] **TASK-3**: e\n',
    );
    expect(tasks).toMatchObject([
      { id: 'TASK-1', description: 'a', status: 'pending', priority: undefined, notes: ['Owner: Ann Cid'] },
      { id: 'TASK-2', description: 'c', status: 'pending', notes: ['Note: `<!-- d -->`'] },
    ]);
    expect(tasks).toHaveLength(2);
  });

  it('keys that say something are read in any case', () => {
    const { tasks } = readTodoMd(
      '- [ ] **TASK-1**: a\n  - status: ✅ completed\n  - priority: critical\n  - DEPENDS ON: TASK-2\n  - owner: Ann\n### TASK-2: b\n**status**: failed\n',
    );
    expect(tasks).toMatchObject([
      {
        status: 'completed',
        priority: 0,
        needs: [{ id: 'TASK-2' }],
        notes: ['DEPENDS ON: TASK-2', 'owner: Ann'],
      },
      { status: 'failed' },
    ]);
  });

  it('lines may end with a carriage return alone', () => {
    const { tasks } = readTodoMd('### TASK-1: a\r**Status**: Failed\r**Input**:\r- b\r**Output**: c\r');
    expect(tasks).toMatchObject([{ status: 'failed', inputs: ['b'], expected_outputs: ['c'] }]);
  });

  it('what no field takes is kept, and an unknown priority is told', () => {
    const { tasks } = readTodoMd(
      '- [ ] **TASK-1**: a\n  - Priority: P9\n  - Priority: Low\n  - Priority: High\n  - Generator: `b`\n  - Generator: c\n',
    );
    expect(tasks).toMatchObject([
      {
        priority: 3,
        generator_name: 'b',
        notes: ['Priority: P9', 'Priority: High', 'Generator: c'],
        remarks: ['Its priority "P9" is not known'],
      },
    ]);
    const [task] = readTodoMd('- [ ] **TASK-1**: a\n  - Priority: P9\n').tasks;
    expect(task).toMatchObject({ priority: undefined, notes: ['Priority: P9'] });
  });

  it('a status may be in a list below its key', () => {
    const { tasks } = readTodoMd('### TASK-1: a\n**Status**:\n- ✅ Completed\n- by Ann\n');
    expect(tasks).toMatchObject([{ status: 'completed', notes: ['Status: - ✅ Completed\n- by Ann'] }]);
  });

  it.each([
    ['Input: PRD-000 (mandatory, for all), `a.md`', ['PRD-000', 'a.md'], true],
    ['Input: a.md - the epic', ['a.md'], true],
    ['Input: None yet', [], true],
    ['Input: None', [], false],
    ['Input: PRD-6, the notes of May', ['PRD-6', 'the notes of May'], false],
    ['Input:\n    - **PRD-001**: section 3\n    - EPIC-2', ['PRD-001', 'EPIC-2'], true],
    ['Input: of last year\n    - EPIC-2', ['EPIC-2'], true],
  ])('%j gives the names %j, and whether its words become a note: %s', (line, inputs, isKept) => {
    const { tasks } = readTodoMd(`- [ ] **TASK-1**: a\n  - ${line}\n`);
    expect(tasks).toMatchObject([{ inputs, notes: isKept ? [expect.stringContaining('Input: ')] : [] }]);
  });

  it('a heading may be closed', () => {
    expect(readTodoMd('### TASK-5: In C# ###\n').tasks).toMatchObject([{ description: 'In C#' }]);
  });
});
