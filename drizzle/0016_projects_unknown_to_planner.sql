-- Statistics of project_id name the projects that were large when a table was last analyzed. Of any other one the planner
-- expects no rows at all: it would read a new project whole for each of its tasks, until a tenth of the table is new and
-- ANALYZE sees it. Without statistics it expects a two-hundredth of the table of every project (PostgreSQL manual,
-- "Row Estimation Examples"), so plans are the same for all, and start from the other columns of an index.
--
-- Statistics that are there already can be cleared from PostgreSQL 18 on; docs/deployment.md says what to do before it.
DO $$
DECLARE
  of_projects name;
BEGIN
  FOR of_projects IN
    SELECT relname
    FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid
    WHERE attname = 'project_id' AND NOT attisdropped AND relkind = 'r' AND relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN project_id SET STATISTICS 0', of_projects);
    IF current_setting('server_version_num')::integer >= 180000 THEN
      EXECUTE format('SELECT pg_clear_attribute_stats(''public'', %L, ''project_id'', false)', of_projects);
    END IF;
  END LOOP;
END $$;--> statement-breakpoint
-- The rest is as before, but for joins that the planner could begin with all tasks of the project: it does not know how
-- few tasks these functions are given, or find.
CREATE OR REPLACE FUNCTION "doomed_tasks"(p_project text, p_tasks text[], p_most integer) RETURNS text[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE doomed AS (
    SELECT task.task_id
    FROM (SELECT DISTINCT unnest(p_tasks)) AS given (task_id)
    CROSS JOIN LATERAL (
      SELECT task_id, status, stuck_needs FROM tasks AS task
      WHERE task.project_id = p_project AND task.task_id = given.task_id
      OFFSET 0
    ) AS task
    WHERE task.status = 'pending'
      AND task.stuck_needs > 0
      AND EXISTS (
        SELECT FROM task_needs AS edge
        WHERE edge.project_id = p_project
          AND edge.task_id = task.task_id
          AND edge.state = 'failed'
          AND edge.on_failure = 'cancel'
          AND NOT EXISTS (
            SELECT FROM task_needs AS other
            WHERE other.project_id = p_project
              AND other.task_id = task.task_id
              AND other.need_group = edge.need_group
              AND other.state <> 'failed'
          )
      )
    UNION
    SELECT task.task_id
    FROM doomed
    CROSS JOIN LATERAL (
      SELECT * FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.parent = doomed.task_id
      OFFSET 0
    ) AS edge
    CROSS JOIN LATERAL (
      SELECT task_id, status FROM tasks AS task
      WHERE task.project_id = p_project AND task.task_id = edge.task_id
      OFFSET 0
    ) AS task
    WHERE edge.state = 'waiting'
      AND edge.on_failure = 'cancel'
      AND edge.condition <> 'ended'
      AND task.status = 'pending'
      AND NOT EXISTS (
        SELECT FROM task_needs AS other
        WHERE other.project_id = p_project
          AND other.task_id = task.task_id
          AND other.need_group = edge.need_group
          AND (other.kind, other.need) <> (edge.kind, edge.need)
          AND other.state <> 'failed'
      )
  )
  SELECT array_agg(task_id) FROM (SELECT task_id FROM doomed LIMIT p_most) AS bounded
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "inherit_priority"(p_project text, p_tasks text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  raised jsonb;
BEGIN
  WITH RECURSIVE urgent (task_id, urgency) AS (
    SELECT task.task_id, most.urgency
    FROM (SELECT DISTINCT unnest(p_tasks)) AS given (task_id)
    CROSS JOIN LATERAL (
      SELECT task_id, status, priority FROM tasks AS task
      WHERE task.project_id = p_project AND task.task_id = given.task_id
      OFFSET 0
    ) AS task
    CROSS JOIN LATERAL (
      SELECT urgency_of_waiting(p_project, task.task_id) AS urgency
    ) AS most
    WHERE task.status IN ('pending', 'in_progress')
      AND most.urgency < task.priority
    UNION
    SELECT parent.task_id, urgent.urgency
    FROM urgent
    CROSS JOIN LATERAL (
      SELECT parent, state, task_id, need_group FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.task_id = urgent.task_id
      OFFSET 0
    ) AS edge
    CROSS JOIN LATERAL (
      SELECT task_id, status, priority FROM tasks AS parent
      WHERE parent.project_id = p_project AND parent.task_id = edge.parent
      OFFSET 0
    ) AS parent
    WHERE edge.state = 'waiting'
      AND (
        NOT starts_with(edge.need_group, 'group:')
        OR NOT EXISTS (
          SELECT FROM task_needs AS other
          WHERE other.project_id = p_project
            AND other.task_id = edge.task_id
            AND other.need_group = edge.need_group
            AND other.state = 'met'
        )
      )
      AND parent.status IN ('pending', 'in_progress')
      AND urgent.urgency < parent.priority
  )
  SELECT jsonb_object_agg(task_id, urgency)
  INTO raised
  FROM (SELECT task_id, min(urgency) AS urgency FROM urgent GROUP BY task_id) AS best;
  IF raised IS NOT NULL THEN
    PERFORM lock_tasks(p_project, (SELECT array_agg(task_id) FROM jsonb_object_keys(raised) AS task_id));
    UPDATE tasks
    SET own_priority = coalesce(own_priority, priority),
        priority = (raised ->> task_id)::smallint
    WHERE project_id = p_project
      AND task_id = ANY (ARRAY(SELECT jsonb_object_keys(raised)))
      AND priority > (raised ->> task_id)::smallint;
  END IF;
  -- The way back, level by level: what is no longer urgent for anybody's sake.
  WHILE p_tasks IS NOT NULL LOOP
    PERFORM lock_tasks(p_project, p_tasks);
    WITH wanted AS (
      SELECT
        task.task_id, task.own_priority AS own,
        least(task.own_priority, urgency_of_waiting(p_project, task.task_id)) AS becomes
      FROM (SELECT DISTINCT unnest(p_tasks)) AS given (task_id)
      CROSS JOIN LATERAL (
        SELECT task_id, status, own_priority FROM tasks AS task
        WHERE task.project_id = p_project AND task.task_id = given.task_id
        OFFSET 0
      ) AS task
      WHERE task.status IN ('pending', 'in_progress')
        AND task.own_priority IS NOT NULL
    ),
    lowered AS (
      UPDATE tasks
      SET priority = wanted.becomes,
          own_priority = CASE WHEN wanted.becomes < wanted.own THEN wanted.own END
      FROM wanted
      WHERE tasks.project_id = p_project
        AND tasks.task_id = wanted.task_id
        AND tasks.priority < wanted.becomes
      RETURNING tasks.task_id
    )
    SELECT array_agg(DISTINCT edge.parent)
    INTO p_tasks
    FROM lowered
    JOIN task_needs AS edge ON edge.project_id = p_project AND edge.task_id = lowered.task_id
    WHERE edge.state = 'waiting' AND edge.parent IS NOT NULL;
  END LOOP;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "hold_tasks"(p_project text, p_seqs bigint[]) RETURNS boolean
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
  -- One after another, in the order of the array.
  PERFORM
  FROM unnest(in_order) AS placed (seq)
  CROSS JOIN LATERAL (
    SELECT FROM tasks WHERE tasks.project_id = p_project AND tasks.seq = placed.seq FOR UPDATE
  ) AS locked;
  RETURN true;
END $$;
