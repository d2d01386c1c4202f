-- A task that is cancelled with others names a need of a group that can no longer be met, not any that is open.
CREATE OR REPLACE FUNCTION "cancel_stuck"(p_project text, p_tasks text[], p_most integer) RETURNS text[]
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  doomed text[] := doomed_tasks(p_project, p_tasks, p_most);
  locked text[];
BEGIN
  -- Needs may change until the last lock is there.
  WHILE EXISTS (SELECT unnest(doomed) EXCEPT SELECT unnest(locked)) LOOP
    PERFORM lock_tasks(p_project, doomed);
    locked := doomed;
    doomed := doomed_tasks(p_project, p_tasks, p_most);
  END LOOP;
  IF doomed IS NULL THEN
    RETURN NULL;
  END IF;
  WITH cancelled AS (
    UPDATE tasks
    SET status = 'cancelled',
        version = tasks.version + 1,
        updated_at = task_clock(),
        ready_at = NULL,
        retry_at = NULL,
        last_error = (
          SELECT format(
            'Cancelled because it needs %s, which was %s',
            edge.need,
            CASE
              WHEN edge.state = 'waiting' THEN 'cancelled'
              ELSE coalesce(parent.status, 'deleted')
            END
          )
          FROM task_needs AS edge
          LEFT JOIN tasks AS parent ON parent.project_id = p_project AND parent.task_id = edge.parent
          WHERE edge.project_id = p_project
            AND edge.task_id = tasks.task_id
            AND edge.on_failure = 'cancel'
            AND NOT EXISTS (
              SELECT FROM task_needs AS other
              WHERE other.project_id = p_project
                AND other.task_id = edge.task_id
                AND other.need_group = edge.need_group
                AND other.state <> 'failed'
                AND NOT coalesce(
                  other.state = 'waiting' AND other.condition <> 'ended' AND other.parent = ANY (doomed),
                  false
                )
            )
          ORDER BY edge.state, edge.need
          LIMIT 1
        )
    WHERE tasks.project_id = p_project AND tasks.task_id = ANY (doomed)
    RETURNING tasks.*
  ),
  withdrawn AS (
    UPDATE artifact_producers
    SET is_live = false
    FROM cancelled
    WHERE artifact_producers.project_id = p_project
      AND artifact_producers.task_id = cancelled.task_id
      AND artifact_producers.is_live
  )
  INSERT INTO task_events (project_id, task_id, version, at, type, from_status, to_status, caller, attempt, data)
  SELECT
    project_id, task_id, version, updated_at, 'moved', 'pending', 'cancelled', 'graph', attempt,
    jsonb_build_object('error', last_error)
  FROM cancelled;
  PERFORM inherit_priority(p_project, array_agg(DISTINCT edge.parent))
  FROM task_needs AS edge
  WHERE edge.project_id = p_project
    AND edge.task_id = ANY (doomed)
    AND edge.state = 'waiting'
    AND edge.parent IS NOT NULL;
  RETURN doomed;
END $$;--> statement-breakpoint
-- Judges the edges of these tasks anew, moves their counters by what changed, and goes on with what that cancels. An edge
-- to a task that is gone keeps its state, but one that was waiting counts as cancelled. What is still to be done and is
-- awaited by more or fewer than before gets its priority anew.
CREATE OR REPLACE FUNCTION "settle_needs"(p_project text, p_tasks text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  still_cancelled integer := 10000;
  cancelled_tasks text[];
  otherwise_awaited text[];
BEGIN
  WHILE p_tasks IS NOT NULL LOOP
    PERFORM lock_tasks(p_project, p_tasks);
    WITH judged AS MATERIALIZED (
      SELECT
        edge.task_id, edge.kind, edge.need, edge.need_group, edge.parent, parent.status, edge.state AS was,
        CASE
          WHEN edge.kind = 'artifact' OR parent.task_id IS NOT NULL
            THEN need_state(edge.condition, edge.on_failure, parent.status, artifact.name IS NOT NULL)
          WHEN edge.state = 'waiting' THEN need_state(edge.condition, edge.on_failure, 'cancelled', false)
          ELSE edge.state
        END AS becomes
      FROM task_needs AS edge
      LEFT JOIN tasks AS parent ON parent.project_id = p_project AND parent.task_id = edge.parent
      LEFT JOIN artifacts AS artifact
        ON edge.kind = 'artifact' AND artifact.project_id = p_project AND artifact.name = edge.need
      WHERE edge.project_id = p_project AND edge.task_id = ANY (p_tasks)
    ),
    changed AS (
      UPDATE task_needs
      SET state = judged.becomes
      FROM judged
      WHERE judged.was <> judged.becomes
        AND task_needs.project_id = p_project
        AND task_needs.task_id = judged.task_id
        AND task_needs.kind = judged.kind
        AND task_needs.need = judged.need
    ),
    grouped AS (
      SELECT
        task_id, need_group,
        bool_or(was = 'met') AS was_met, bool_or(becomes = 'met') AS is_met,
        bool_and(was = 'failed') AS was_stuck, bool_and(becomes = 'failed') AS is_stuck
      FROM judged
      GROUP BY task_id, need_group
    ),
    moved AS (
      SELECT
        task_id,
        sum(was_met::integer - is_met::integer)::integer AS unmet,
        sum(is_stuck::integer - was_stuck::integer)::integer AS stuck
      FROM grouped
      WHERE was_met <> is_met OR was_stuck <> is_stuck
      GROUP BY task_id
    ),
    recounted AS (
      UPDATE tasks
      SET unmet_needs = tasks.unmet_needs + moved.unmet,
          stuck_needs = tasks.stuck_needs + moved.stuck,
          stale = tasks.stale OR tasks.status = 'in_progress' AND moved.unmet > 0,
          ready_at = due_at(tasks, tasks.unmet_needs + moved.unmet)
      FROM moved
      WHERE tasks.project_id = p_project AND tasks.task_id = moved.task_id
    )
    SELECT array_agg(DISTINCT judged.parent)
    INTO otherwise_awaited
    FROM judged
    JOIN grouped USING (task_id, need_group)
    WHERE judged.status IN ('pending', 'in_progress')
      AND (
        judged.was = 'waiting' AND judged.becomes <> 'waiting'
        OR judged.becomes = 'waiting' AND grouped.was_met <> grouped.is_met
      );
    PERFORM inherit_priority(p_project, otherwise_awaited);
    cancelled_tasks := cancel_stuck(p_project, p_tasks, still_cancelled);
    still_cancelled := still_cancelled - coalesce(cardinality(cancelled_tasks), 0);
    SELECT array_agg(DISTINCT task_id)
    INTO p_tasks
    FROM task_needs
    WHERE project_id = p_project AND parent = ANY (cancelled_tasks);
  END LOOP;
END $$;--> statement-breakpoint
-- The priority of the most urgent task that waits for this one; null where none does. Of a group that is met, nothing is
-- waited for.
CREATE OR REPLACE FUNCTION "urgency_of_waiting"(p_project text, p_task text) RETURNS smallint
LANGUAGE sql STABLE AS $$
  SELECT min(waiting.priority)
  FROM task_needs AS edge
  CROSS JOIN LATERAL (
    SELECT priority, status FROM tasks AS waiting
    WHERE waiting.project_id = p_project AND waiting.task_id = edge.task_id
    OFFSET 0
  ) AS waiting
  WHERE edge.project_id = p_project
    AND edge.parent = p_task
    AND edge.state = 'waiting'
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
    AND waiting.status IN ('pending', 'in_progress')
$$;--> statement-breakpoint
-- Gives tasks the priority of the most urgent one that waits for them, and goes on to what these wait for.
CREATE OR REPLACE FUNCTION "inherit_priority"(p_project text, p_tasks text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  raised jsonb;
BEGIN
  WITH RECURSIVE urgent (task_id, urgency) AS (
    SELECT task.task_id, most.urgency
    FROM tasks AS task
    CROSS JOIN LATERAL (
      SELECT urgency_of_waiting(p_project, task.task_id) AS urgency
    ) AS most
    WHERE task.project_id = p_project
      AND task.task_id = ANY (p_tasks)
      AND task.status IN ('pending', 'in_progress')
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
    SET own_priority = coalesce(tasks.own_priority, tasks.priority),
        priority = best.value::smallint
    FROM jsonb_each_text(raised) AS best
    WHERE tasks.project_id = p_project
      AND tasks.task_id = best.key
      AND tasks.priority > best.value::smallint;
  END IF;
  -- The way back, level by level: what is no longer urgent for anybody's sake.
  WHILE p_tasks IS NOT NULL LOOP
    PERFORM lock_tasks(p_project, p_tasks);
    WITH wanted AS (
      SELECT
        task.task_id, task.own_priority AS own,
        least(task.own_priority, urgency_of_waiting(p_project, task.task_id)) AS becomes
      FROM tasks AS task
      WHERE task.project_id = p_project
        AND task.task_id = ANY (p_tasks)
        AND task.status IN ('pending', 'in_progress')
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
-- After a task has ended, or is to be done again. What waits for it once more may be what it waits for itself by now.
CREATE OR REPLACE FUNCTION "settle_dependents"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  rival jsonb;
  children text[];
BEGIN
  IF NEW.status IN ('failed', 'cancelled') THEN
    UPDATE artifact_producers SET is_live = false
    WHERE project_id = NEW.project_id AND task_id = NEW.task_id AND is_live;
  ELSIF OLD.status IN ('failed', 'cancelled') THEN
    SELECT jsonb_build_object('name', mine.name, 'producer', other.task_id, 'task_id', NEW.task_id)
    INTO rival
    FROM artifact_producers AS mine
    JOIN artifact_producers AS other USING (project_id, name)
    WHERE mine.project_id = NEW.project_id
      AND mine.task_id = NEW.task_id
      AND other.task_id <> NEW.task_id
      AND other.is_live
    ORDER BY mine.name
    LIMIT 1;
    IF FOUND THEN
      PERFORM refuse_graph('artifact_has_producer', rival);
    END IF;
    UPDATE artifact_producers SET is_live = true
    WHERE project_id = NEW.project_id AND task_id = NEW.task_id;
    SELECT array_agg(edge.task_id)
    INTO children
    FROM artifact_producers AS mine
    JOIN task_needs AS edge
      ON edge.project_id = mine.project_id AND edge.kind = 'artifact' AND edge.need = mine.name
    WHERE mine.project_id = NEW.project_id
      AND mine.task_id = NEW.task_id
      AND edge.parent IS DISTINCT FROM NEW.task_id;
    IF children IS NOT NULL THEN
      PERFORM take_turn(ARRAY[NEW.project_id]);
      PERFORM lock_tasks(NEW.project_id, children);
      UPDATE task_needs AS edge
      SET parent = NEW.task_id
      FROM artifact_producers AS mine
      WHERE mine.project_id = NEW.project_id
        AND mine.task_id = NEW.task_id
        AND edge.project_id = mine.project_id
        AND edge.kind = 'artifact'
        AND edge.need = mine.name;
      PERFORM refuse_cycle(NEW.project_id, children, array_fill(NEW.task_id, ARRAY[cardinality(children)]));
    END IF;
  END IF;
  SELECT array_agg(DISTINCT task_id)
  INTO children
  FROM task_needs
  WHERE project_id = NEW.project_id AND parent = NEW.task_id;
  PERFORM settle_needs(NEW.project_id, children);
  IF NEW.status IN ('pending', 'in_progress') THEN
    PERFORM inherit_priority(NEW.project_id, ARRAY[NEW.task_id]);
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Takes one edge of a locked task away, with what it counted for; what is left of its group is waited for now, if anything.
CREATE OR REPLACE FUNCTION "drop_need"(p_project text, p_task text, p_need text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  gone task_needs;
  group_was record;
  group_is record;
BEGIN
  SELECT * INTO gone FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND kind = 'task' AND need = p_need;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT bool_or(state = 'met') AS met, bool_and(state = 'failed') AS stuck
  INTO group_was
  FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND need_group = gone.need_group;
  DELETE FROM task_needs WHERE project_id = p_project AND task_id = p_task AND kind = 'task' AND need = p_need;
  -- Of an empty group, nothing is unmet.
  SELECT coalesce(bool_or(state = 'met'), true) AS met, coalesce(bool_and(state = 'failed'), false) AS stuck
  INTO group_is
  FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND need_group = gone.need_group;
  UPDATE tasks
  SET unmet_needs = unmet_needs + group_was.met::integer - group_is.met::integer,
      stuck_needs = stuck_needs + group_is.stuck::integer - group_was.stuck::integer,
      ready_at = due_at(tasks, unmet_needs + group_was.met::integer - group_is.met::integer)
  WHERE project_id = p_project AND task_id = p_task;
  PERFORM inherit_priority(p_project, array_agg(parent) || gone.parent)
  FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND need_group = gone.need_group AND state = 'waiting';
  RETURN true;
END $$;--> statement-breakpoint
-- Takes a need away, and returns the task; no row where there is no such need. It may have been the last way to meet a
-- group that asks to be cancelled otherwise.
CREATE OR REPLACE FUNCTION "delete_need"(p_project text, p_task text, p_need text) RETURNS SETOF tasks
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  PERFORM lock_tasks(p_project, ARRAY[p_task]);
  IF drop_need(p_project, p_task, p_need) THEN
    PERFORM settle_needs(p_project, ARRAY[p_task]);
    RETURN QUERY SELECT * FROM note_change(p_project, p_task);
  END IF;
END $$;--> statement-breakpoint
DROP TRIGGER "tasks_release_priority" ON "tasks";--> statement-breakpoint
-- After a task has ended without what it needs, or is to be done again: others are no longer urgent for its sake, or are so
-- again.
CREATE TRIGGER "tasks_release_priority" AFTER UPDATE OF "status" ON "tasks"
FOR EACH ROW WHEN (
  NEW.unmet_needs > 0
  AND OLD.status <> NEW.status
  AND (OLD.status NOT IN ('pending', 'in_progress') OR NEW.status NOT IN ('pending', 'in_progress'))
  AND pg_trigger_depth() = 0
) EXECUTE FUNCTION "release_priority"();
