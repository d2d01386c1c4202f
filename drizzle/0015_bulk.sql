-- Locks tasks that are to be changed together, in the order of all writers: the turn of their project, since their needs
-- may change, then what they wait for, then themselves, each the oldest first.
CREATE FUNCTION "hold_tasks"(p_project text, p_seqs bigint[]) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  PERFORM lock_tasks(
    p_project,
    (
      SELECT array_agg(DISTINCT edge.parent)
      FROM tasks
      CROSS JOIN LATERAL (
        SELECT parent
        FROM task_needs
        WHERE task_needs.project_id = p_project
          AND task_needs.task_id = tasks.task_id
          AND task_needs.state = 'waiting'
          AND task_needs.parent IS NOT NULL
        OFFSET 0
      ) AS edge
      WHERE tasks.project_id = p_project AND tasks.seq = ANY (p_seqs)
    )
  );
  PERFORM FROM tasks WHERE project_id = p_project AND seq = ANY (p_seqs) ORDER BY seq FOR UPDATE;
  RETURN true;
END $$;
