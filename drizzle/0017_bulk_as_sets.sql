-- Tasks that are changed together are settled together: one after another, each would have its neighbours judged anew,
-- which takes seconds where each of 500 tasks has several needs.
--
-- What caused the readiness of a task: of several causes, p_cause has those of each task in `each`, and one for all others.
CREATE FUNCTION "cause_for"(p_cause jsonb, p_task text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(p_cause -> 'each' -> p_task, p_cause - 'each')
$$;--> statement-breakpoint
-- For what waits for these tasks: of each, the first that it waits for is the cause. They are in order, and stand all alike.
CREATE FUNCTION "causes_of"(p_project text, p_tasks text[], p_status text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'task_id', p_tasks[1],
    'status', p_status,
    'each', jsonb_object_agg(waiting.task_id, jsonb_build_object('task_id', p_tasks[waiting.first], 'status', p_status))
  )
  FROM (
    SELECT edge.task_id, min(given.place) AS first
    FROM unnest(p_tasks) WITH ORDINALITY AS given (task_id, place)
    CROSS JOIN LATERAL (
      SELECT task_id FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.parent = given.task_id
      OFFSET 0
    ) AS edge
    GROUP BY edge.task_id
  ) AS waiting
$$;--> statement-breakpoint
-- As before, but for the causes.
CREATE OR REPLACE FUNCTION "note_readiness"(p_project text, p_tasks text[], p_were text[], p_cause jsonb) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  WITH noted AS (
    UPDATE tasks
    SET version = version + 1
    FROM unnest(p_tasks, p_were) AS given (task_id, was)
    WHERE tasks.project_id = p_project
      AND tasks.task_id = given.task_id
      AND tasks.status = 'pending'
      AND readiness_of(tasks.unmet_needs, tasks.stuck_needs) <> given.was
    RETURNING
      tasks.project_id, tasks.task_id, tasks.version, tasks.status, tasks.attempt, given.was,
      readiness_of(tasks.unmet_needs, tasks.stuck_needs) AS becomes
  )
  INSERT INTO task_events (project_id, task_id, version, at, type, from_status, to_status, caller, attempt, data)
  SELECT
    project_id, task_id, version, task_clock(), becomes, status, status, 'graph', attempt,
    jsonb_strip_nulls(jsonb_build_object('was', was, 'cause', cause_for(p_cause, task_id)))
  FROM noted;
END $$;--> statement-breakpoint
-- As before, but for the causes.
CREATE OR REPLACE FUNCTION "settle_needs"(
  p_project text,
  p_tasks text[],
  p_cause jsonb DEFAULT NULL,
  p_are_own boolean DEFAULT false,
  p_most integer DEFAULT 10000
) RETURNS integer
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  still_cancelled integer := p_most;
  cancelled_tasks text[];
  otherwise_awaited text[];
  stuck_tasks text[];
  stuck_were text[];
  importing boolean := coalesce(current_setting('task_tracker.importing', true), '') <> '';
BEGIN
  p_are_own := p_are_own OR importing;
  WHILE p_tasks IS NOT NULL LOOP
    PERFORM lock_tasks(p_project, p_tasks);
    WITH judged AS MATERIALIZED (
      SELECT
        edge.task_id, edge.kind, edge.need, edge.need_group, edge.parent, edge.on_failure, parent.status,
        edge.state AS was,
        CASE
          WHEN edge.kind = 'artifact' OR parent.task_id IS NOT NULL
            THEN need_state(edge.condition, edge.on_failure, parent.status, artifact.name IS NOT NULL)
          WHEN edge.state = 'waiting' THEN need_state(
            edge.condition,
            edge.on_failure,
            CASE WHEN edge.parent IS NULL THEN archived_status(p_project, edge.need) ELSE 'cancelled' END,
            false
          )
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
        bool_and(was = 'failed') AS was_stuck, bool_and(becomes = 'failed') AS is_stuck,
        bool_or(becomes = 'failed' AND on_failure = 'cancel') AS asks
      FROM judged
      GROUP BY task_id, need_group
    ),
    moved AS (
      SELECT
        task_id,
        sum(was_met::integer - is_met::integer)::integer AS unmet,
        sum(is_stuck::integer - was_stuck::integer)::integer AS stuck,
        bool_or(asks) AS asks
      FROM grouped
      GROUP BY task_id
      HAVING bool_or(was_met <> is_met OR was_stuck <> is_stuck)
    ),
    updated AS (
      UPDATE tasks
      SET unmet_needs = tasks.unmet_needs + moved.unmet,
          stuck_needs = tasks.stuck_needs + moved.stuck,
          stale = tasks.stale OR tasks.status = 'in_progress' AND moved.unmet > 0,
          ready_at = due_at(tasks, tasks.unmet_needs + moved.unmet),
          version = tasks.version + (
            NOT p_are_own
            AND tasks.status = 'pending'
            AND NOT (moved.asks AND tasks.stuck_needs + moved.stuck > 0)
            AND readiness_of(tasks.unmet_needs, tasks.stuck_needs)
              <> readiness_of(tasks.unmet_needs + moved.unmet, tasks.stuck_needs + moved.stuck)
          )::integer
      FROM moved
      WHERE tasks.project_id = p_project AND tasks.task_id = moved.task_id
      RETURNING
        tasks.task_id, tasks.version, tasks.attempt,
        readiness_of(tasks.unmet_needs - moved.unmet, tasks.stuck_needs - moved.stuck) AS was,
        CASE
          WHEN NOT p_are_own AND tasks.status = 'pending' THEN readiness_of(tasks.unmet_needs, tasks.stuck_needs)
        END AS becomes,
        moved.asks AND tasks.stuck_needs > 0 AS may_end
    ),
    noted AS (
      INSERT INTO task_events (
        project_id, task_id, version, at, type, from_status, to_status, caller, attempt, data
      )
      SELECT
        p_project, task_id, version, task_clock(), becomes, 'pending', 'pending', 'graph', attempt,
        jsonb_strip_nulls(jsonb_build_object('was', was, 'cause', cause_for(p_cause, task_id)))
      FROM updated
      WHERE was <> becomes AND NOT may_end
    )
    SELECT
      (SELECT array_agg(task_id ORDER BY task_id) FROM updated WHERE was <> becomes AND may_end),
      (SELECT array_agg(was ORDER BY task_id) FROM updated WHERE was <> becomes AND may_end),
      (
        SELECT array_agg(DISTINCT judged.parent)
        FROM judged
        JOIN grouped USING (task_id, need_group)
        WHERE judged.status IN ('pending', 'in_progress')
          AND (
            judged.was = 'waiting' AND judged.becomes <> 'waiting'
            OR judged.becomes = 'waiting' AND grouped.was_met <> grouped.is_met
          )
      )
    INTO stuck_tasks, stuck_were, otherwise_awaited;
    PERFORM inherit_priority(p_project, otherwise_awaited);
    -- The triggers of what is cancelled here stay away, as they do below another trigger.
    IF pg_trigger_depth() = 0 THEN
      PERFORM set_config('task_tracker.cascade', 'on', true);
    END IF;
    IF NOT importing THEN
      cancelled_tasks := cancel_stuck(p_project, p_tasks, still_cancelled);
    END IF;
    IF pg_trigger_depth() = 0 THEN
      PERFORM set_config('task_tracker.cascade', '', true);
    END IF;
    -- Only those that are not cancelled at once.
    IF stuck_tasks IS NOT NULL THEN
      PERFORM note_readiness(p_project, stuck_tasks, stuck_were, p_cause);
    END IF;
    p_are_own := importing;
    still_cancelled := still_cancelled - coalesce(cardinality(cancelled_tasks), 0);
    SELECT array_agg(DISTINCT task_id)
    INTO p_tasks
    FROM task_needs
    WHERE project_id = p_project AND parent = ANY (cancelled_tasks);
  END LOOP;
  IF still_cancelled = 0 THEN
    INSERT INTO cascades_left (project_id) VALUES (p_project);
  END IF;
  RETURN p_most - still_cancelled;
END $$;--> statement-breakpoint
-- After tasks of one project have ended together, or are to be done again. They all have the same status now; what is
-- cancelled with them has a trigger of no row.
CREATE FUNCTION "settle_together"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  project text;
  becomes text;
  revived text[];
  in_graph text[];
  unmet text[];
  children text[];
  parents text[];
  rival jsonb;
BEGIN
  PERFORM set_config('task_tracker.cascade', '', true);
  SELECT
    min(after.project_id), min(after.status),
    array_agg(after.task_id ORDER BY after.seq) FILTER (WHERE after.in_graph),
    array_agg(after.task_id) FILTER (WHERE after.in_graph AND before.status IN ('failed', 'cancelled')),
    array_agg(after.task_id) FILTER (WHERE after.unmet_needs > 0)
  INTO project, becomes, in_graph, revived, unmet
  FROM after
  JOIN before ON before.seq = after.seq
  WHERE before.status <> after.status
    AND (before.status NOT IN ('pending', 'in_progress') OR after.status NOT IN ('pending', 'in_progress'));
  IF project IS NULL THEN
    RETURN NULL;
  END IF;
  IF becomes IN ('failed', 'cancelled') THEN
    UPDATE artifact_producers SET is_live = false
    WHERE project_id = project AND task_id = ANY (in_graph) AND is_live;
  ELSIF revived IS NOT NULL THEN
    SELECT jsonb_build_object('name', mine.name, 'producer', other.task_id, 'task_id', mine.task_id)
    INTO rival
    FROM artifact_producers AS mine
    JOIN artifact_producers AS other USING (project_id, name)
    WHERE mine.project_id = project
      AND mine.task_id = ANY (revived)
      AND other.task_id <> mine.task_id
      AND (other.is_live OR other.task_id = ANY (revived))
    ORDER BY mine.name
    LIMIT 1;
    IF FOUND THEN
      PERFORM refuse_graph('artifact_has_producer', rival);
    END IF;
    UPDATE artifact_producers SET is_live = true WHERE project_id = project AND task_id = ANY (revived);
    SELECT array_agg(edge.task_id), array_agg(mine.task_id)
    INTO children, parents
    FROM artifact_producers AS mine
    JOIN task_needs AS edge
      ON edge.project_id = mine.project_id AND edge.kind = 'artifact' AND edge.need = mine.name
    WHERE mine.project_id = project
      AND mine.task_id = ANY (revived)
      AND edge.parent IS DISTINCT FROM mine.task_id;
    IF children IS NOT NULL THEN
      PERFORM take_turn(ARRAY[project]);
      PERFORM lock_tasks(project, children);
      UPDATE task_needs AS edge
      SET parent = mine.task_id
      FROM artifact_producers AS mine
      WHERE mine.project_id = project
        AND mine.task_id = ANY (revived)
        AND edge.project_id = mine.project_id
        AND edge.kind = 'artifact'
        AND edge.need = mine.name;
      PERFORM refuse_cycle(project, children, parents);
    END IF;
  END IF;
  SELECT array_agg(DISTINCT task_id) INTO children FROM task_needs WHERE project_id = project AND parent = ANY (in_graph);
  PERFORM settle_needs(project, children, causes_of(project, in_graph, becomes));
  -- What they wait for themselves is no longer urgent for their sake, or is so again.
  SELECT array_agg(DISTINCT parent)
  INTO parents
  FROM task_needs
  WHERE project_id = project AND task_id = ANY (unmet) AND state = 'waiting' AND parent IS NOT NULL;
  IF becomes IN ('pending', 'in_progress') THEN
    parents := parents || in_graph;
  END IF;
  PERFORM inherit_priority(project, parents);
  RETURN NULL;
END $$;--> statement-breakpoint
-- After tasks of one project have been deleted together. None is cancelled because another of them is gone.
CREATE FUNCTION "leave_together"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  project text;
  gone text[];
  in_graph text[];
  parents text[];
  children text[];
BEGIN
  PERFORM set_config('task_tracker.cascade', '', true);
  SELECT
    min(removed.project_id),
    array_agg(removed.task_id),
    array_agg(removed.task_id ORDER BY removed.seq) FILTER (WHERE removed.in_graph)
  INTO project, gone, in_graph
  FROM removed;
  WITH left_edges AS (
    DELETE FROM task_needs
    WHERE project_id = project AND task_id = ANY (gone)
    RETURNING parent, state
  )
  SELECT array_agg(DISTINCT parent) INTO parents FROM left_edges WHERE state = 'waiting' AND parent IS NOT NULL;
  PERFORM inherit_priority(project, parents);
  IF in_graph IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO artifacts (project_id, name, provided_at, uri, sha256, bytes)
  SELECT
    producer.project_id, producer.name, removed.completed_at,
    made.artifact ->> 'uri', made.artifact ->> 'sha256', (made.artifact ->> 'bytes')::bigint
  FROM removed
  JOIN artifact_producers AS producer USING (project_id, task_id)
  LEFT JOIN LATERAL (
    SELECT artifact
    FROM jsonb_array_elements(removed.artifacts) AS artifact
    WHERE artifact ->> 'name' = producer.name
    LIMIT 1
  ) AS made ON true
  WHERE removed.in_graph AND removed.status = 'completed' AND producer.is_live
  ON CONFLICT DO NOTHING;
  DELETE FROM artifact_producers WHERE project_id = project AND task_id = ANY (gone);
  SELECT array_agg(DISTINCT task_id) INTO children FROM task_needs WHERE project_id = project AND parent = ANY (in_graph);
  PERFORM settle_needs(project, children, causes_of(project, in_graph, 'deleted'));
  UPDATE task_needs SET parent = NULL WHERE project_id = project AND parent = ANY (in_graph);
  RETURN NULL;
END $$;--> statement-breakpoint
-- These two are for tasks that are changed together; the triggers of single rows stay away meanwhile.
CREATE TRIGGER "tasks_settle_together" AFTER UPDATE ON "tasks" REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT
WHEN (pg_trigger_depth() = 0 AND coalesce(current_setting('task_tracker.cascade', true), '') = 'together')
EXECUTE FUNCTION "settle_together"();--> statement-breakpoint
CREATE TRIGGER "tasks_leave_together" AFTER DELETE ON "tasks" REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT
WHEN (pg_trigger_depth() = 0 AND coalesce(current_setting('task_tracker.cascade', true), '') = 'together')
EXECUTE FUNCTION "leave_together"();--> statement-breakpoint
CREATE OR REPLACE TRIGGER "tasks_leave_graph" AFTER DELETE ON "tasks"
FOR EACH ROW WHEN (coalesce(current_setting('task_tracker.cascade', true), '') <> 'together')
EXECUTE FUNCTION "leave_graph"();--> statement-breakpoint
-- As before, but for edits of several tasks.
CREATE OR REPLACE FUNCTION "edit_priority"(p_project text, p_task text, p_own smallint) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  effective smallint := least(p_own, urgency_of_waiting(p_project, p_task));
BEGIN
  UPDATE tasks
  SET priority = effective,
      own_priority = CASE WHEN effective < p_own THEN p_own END
  WHERE project_id = p_project AND task_id = p_task;
  IF coalesce(current_setting('task_tracker.cascade', true), '') = 'edits' THEN
    RETURN;
  END IF;
  PERFORM inherit_priority(p_project, array_agg(DISTINCT parent))
  FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND state = 'waiting' AND parent IS NOT NULL;
END $$;--> statement-breakpoint
-- Edits tasks, each by the changes in its place, as edit_task does; returns those that are otherwise now. What they wait for
-- gets its urgency once, when all of them have their priorities.
CREATE FUNCTION "edit_tasks"(p_project text, p_tasks text[], p_changes jsonb[], p_metadata_bytes integer)
RETURNS TABLE (edited_fields text[], edited tasks)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  sets_priority boolean := false;
  made record;
BEGIN
  PERFORM set_config('task_tracker.cascade', 'edits', true);
  FOR place IN 1 .. coalesce(cardinality(p_tasks), 0) LOOP
    SELECT * INTO made FROM edit_task(p_project, p_tasks[place], NULL, p_changes[place], p_metadata_bytes);
    CONTINUE WHEN NOT FOUND OR made.refused IS NOT NULL;
    sets_priority := sets_priority OR 'priority' = ANY (made.edited_fields);
    edited_fields := made.edited_fields;
    edited := made.edited;
    RETURN NEXT;
  END LOOP;
  PERFORM set_config('task_tracker.cascade', '', true);
  IF sets_priority THEN
    PERFORM inherit_priority(p_project, p_tasks || array_agg(DISTINCT parent))
    FROM task_needs
    WHERE project_id = p_project AND task_id = ANY (p_tasks) AND state = 'waiting' AND parent IS NOT NULL;
  END IF;
END $$;--> statement-breakpoint
-- Keeps locked tasks, with what goes with them, so that they can be restored.
CREATE FUNCTION "keep_deleted"(p_project text, p_tasks text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  INSERT INTO deleted_tasks AS deleted (project_id, task_id, seq, deleted_at, task, attempts, needs, dependents)
  SELECT
    p_project, gone.task_id, gone.seq, task_clock(), to_jsonb(gone),
    (
      SELECT coalesce(jsonb_agg(to_jsonb(attempts) ORDER BY attempts.seq), '[]')
      FROM attempts
      WHERE attempts.project_id = p_project AND attempts.task_id = gone.task_id
    ),
    (
      SELECT coalesce(jsonb_agg(to_jsonb(edge)), '[]')
      FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.task_id = gone.task_id AND edge.kind = 'task'
    ),
    (
      SELECT coalesce(jsonb_agg(edge.task_id), '[]')
      FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.parent = gone.task_id AND edge.kind = 'task'
    )
  FROM tasks AS gone
  WHERE gone.project_id = p_project AND gone.task_id = ANY (p_tasks)
  ON CONFLICT (project_id, task_id) DO UPDATE
  SET seq = excluded.seq, deleted_at = excluded.deleted_at, task = excluded.task, attempts = excluded.attempts,
      needs = excluded.needs, dependents = excluded.dependents;
END $$;--> statement-breakpoint
-- As before; what it keeps is what a deletion of several keeps.
CREATE OR REPLACE FUNCTION "delete_task"(p_project text, p_task text, p_purge boolean) RETURNS SETOF tasks
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  gone tasks;
  is_there boolean;
BEGIN
  SELECT * INTO gone FROM tasks WHERE project_id = p_project AND task_id = p_task FOR UPDATE;
  is_there := FOUND;
  IF p_purge THEN
    IF is_there THEN
      DELETE FROM tasks WHERE project_id = p_project AND task_id = p_task;
    ELSE
      DELETE FROM deleted_tasks AS deleted
      WHERE deleted.project_id = p_project AND deleted.task_id = p_task
      RETURNING (jsonb_populate_record(NULL::tasks, deleted.task)).* INTO gone;
      is_there := FOUND;
    END IF;
    DELETE FROM task_notes WHERE project_id = p_project AND task_seq = gone.seq;
  ELSIF is_there THEN
    PERFORM keep_deleted(p_project, ARRAY[p_task]);
    DELETE FROM tasks WHERE project_id = p_project AND task_id = p_task;
  END IF;
  IF is_there THEN
    RETURN NEXT gone;
  END IF;
END $$;--> statement-breakpoint
-- Deletes locked tasks so that they can be restored, and returns their ids.
CREATE FUNCTION "delete_tasks"(p_project text, p_tasks text[]) RETURNS TABLE (task_id text, seq bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
  PERFORM keep_deleted(p_project, p_tasks);
  PERFORM set_config('task_tracker.cascade', 'together', true);
  RETURN QUERY
  DELETE FROM tasks AS gone
  WHERE gone.project_id = p_project AND gone.task_id = ANY (p_tasks)
  RETURNING gone.task_id, gone.seq;
  PERFORM set_config('task_tracker.cascade', '', true);
END $$;
