-- Locks tasks that are to be changed together, and what they wait for, in the order of all writers: the turn of their
-- project, since their needs may change, then what is needed before what needs it, and among equals the oldest first.
-- Chains of more than 20 are locked by age from there on: a writer that meets them head-on is rolled back, and repeated.
CREATE FUNCTION "hold_tasks"(p_project text, p_seqs bigint[]) RETURNS boolean
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  in_order bigint[];
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  WITH RECURSIVE edges AS MATERIALIZED (
    SELECT tasks.seq, needed.seq AS needed
    FROM tasks
    CROSS JOIN LATERAL (
      SELECT parent FROM task_needs AS edge
      WHERE edge.project_id = p_project
        AND edge.task_id = tasks.task_id
        AND edge.state = 'waiting'
        AND edge.parent IS NOT NULL
      OFFSET 0
    ) AS edge
    CROSS JOIN LATERAL (
      SELECT seq FROM tasks AS needed
      WHERE needed.project_id = p_project AND needed.task_id = edge.parent
      OFFSET 0
    ) AS needed
    WHERE tasks.project_id = p_project AND tasks.seq = ANY (p_seqs)
  ),
  levels (seq, level) AS (
    (
      SELECT seq, 0 FROM unnest(p_seqs) AS seq
      UNION
      SELECT needed, 0 FROM edges
    )
    UNION
    SELECT edges.seq, levels.level + 1
    FROM levels
    JOIN edges ON edges.needed = levels.seq
    WHERE levels.level < 20
  )
  SELECT array_agg(seq ORDER BY level, seq)
  INTO in_order
  FROM (SELECT seq, max(level) AS level FROM levels GROUP BY seq) AS placed;
  PERFORM
  FROM unnest(in_order) WITH ORDINALITY AS placed (seq, place)
  JOIN tasks ON tasks.project_id = p_project AND tasks.seq = placed.seq
  ORDER BY placed.place
  FOR UPDATE OF tasks;
  RETURN true;
END $$;
