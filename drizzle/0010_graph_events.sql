CREATE TABLE "cascades_left" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "cascades_left_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "task_events" DROP CONSTRAINT "task_events_type_known";--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_type_known" CHECK ("task_events"."type" in ('added', 'moved', 'reset', 'claimed', 'released', 'retried', 'expired', 'progressed', 'need_set', 'need_removed', 'ready', 'blocked', 'stuck', 'deleted', 'archived', 'project_changed', 'sealed')) NOT VALID;--> statement-breakpoint
-- How a pending task stands by its needs.
CREATE FUNCTION "readiness_of"(unmet integer, stuck integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN stuck > 0 THEN 'stuck' WHEN unmet > 0 THEN 'blocked' ELSE 'ready' END
$$;--> statement-breakpoint
-- Logs of those tasks which are pending and stand otherwise than they did, each in the same place of p_were.
CREATE FUNCTION "note_readiness"(p_project text, p_tasks text[], p_were text[], p_cause jsonb) RETURNS void
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
    jsonb_strip_nulls(jsonb_build_object('was', was, 'cause', p_cause))
  FROM noted;
END $$;--> statement-breakpoint
-- How the task ended that had this id last and was archived; null where none was.
CREATE FUNCTION "archived_status"(p_project text, p_task text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT task ->> 'status'
  FROM archived_tasks
  WHERE project_id = p_project AND task_id = p_task
  ORDER BY seq DESC
  LIMIT 1
$$;--> statement-breakpoint
DROP FUNCTION "settle_needs"(text, text[]);--> statement-breakpoint
-- Judges the edges of these tasks anew, moves their counters by what changed, and goes on with what that cancels; tells
-- how many it cancelled. After p_most, what is left stays stuck until the upkeep goes on with it. An edge to a task that
-- is gone keeps its state; one that was waiting counts as cancelled, and one that never had a task as the archive has it.
-- What is still to be done and is awaited by more or fewer than before gets its priority anew.
--
-- Logs which tasks get ready, blocked or stuck, with what caused it, but for p_tasks themselves where their own needs
-- are new: whoever sets these tells what becomes of them.
CREATE FUNCTION "settle_needs"(
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
BEGIN
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
            coalesce(CASE WHEN edge.parent IS NULL THEN archived_status(p_project, edge.need) END, 'cancelled'),
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
        jsonb_strip_nulls(jsonb_build_object('was', was, 'cause', p_cause))
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
    cancelled_tasks := cancel_stuck(p_project, p_tasks, still_cancelled);
    IF pg_trigger_depth() = 0 THEN
      PERFORM set_config('task_tracker.cascade', '', true);
    END IF;
    -- Only those that are not cancelled at once.
    IF stuck_tasks IS NOT NULL THEN
      PERFORM note_readiness(p_project, stuck_tasks, stuck_were, p_cause);
    END IF;
    p_are_own := false;
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
-- Not for what a cascade cancels: it settles that itself, level by level.
CREATE OR REPLACE TRIGGER "tasks_settle_dependents" AFTER UPDATE OF "status" ON "tasks"
FOR EACH ROW WHEN (
  NEW.in_graph
  AND OLD.status <> NEW.status
  AND (OLD.status NOT IN ('pending', 'in_progress') OR NEW.status NOT IN ('pending', 'in_progress'))
  AND pg_trigger_depth() = 0
  AND coalesce(current_setting('task_tracker.cascade', true), '') = ''
) EXECUTE FUNCTION "settle_dependents"();--> statement-breakpoint
CREATE OR REPLACE TRIGGER "tasks_release_priority" AFTER UPDATE OF "status" ON "tasks"
FOR EACH ROW WHEN (
  NEW.unmet_needs > 0
  AND OLD.status <> NEW.status
  AND (OLD.status NOT IN ('pending', 'in_progress') OR NEW.status NOT IN ('pending', 'in_progress'))
  AND pg_trigger_depth() = 0
  AND coalesce(current_setting('task_tracker.cascade', true), '') = ''
) EXECUTE FUNCTION "release_priority"();--> statement-breakpoint
-- Goes on with one cascade that ended at its bound: cancels up to p_most tasks and tells how many. Null where no cascade
-- is left, or others are at each.
CREATE FUNCTION "go_on_cancelling"(p_most integer) RETURNS integer
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  cascade cascades_left;
  stuck_tasks text[];
BEGIN
  SELECT * INTO cascade FROM cascades_left ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  DELETE FROM cascades_left WHERE id = cascade.id;
  SELECT array_agg(task_id)
  INTO stuck_tasks
  FROM (
    SELECT task.task_id
    FROM tasks AS task
    WHERE task.project_id = cascade.project_id
      AND task.status = 'pending'
      AND task.unmet_needs > 0
      AND task.stuck_needs > 0
      AND EXISTS (
        SELECT FROM task_needs AS edge
        WHERE edge.project_id = cascade.project_id
          AND edge.task_id = task.task_id
          AND edge.state = 'failed'
          AND edge.on_failure = 'cancel'
          AND NOT EXISTS (
            SELECT FROM task_needs AS other
            WHERE other.project_id = cascade.project_id
              AND other.task_id = task.task_id
              AND other.need_group = edge.need_group
              AND other.state <> 'failed'
          )
      )
    ORDER BY task.stuck_needs, task.seq
    LIMIT p_most
  ) AS found;
  RETURN coalesce(settle_needs(cascade.project_id, stuck_tasks, p_most => p_most), 0);
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "connect_needs"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  project text;
  gone jsonb;
  missing jsonb;
  children text[];
  parents text[];
BEGIN
  IF NOT EXISTS (SELECT FROM fresh) THEN
    RETURN NULL;
  END IF;
  PERFORM take_turn(array_agg(DISTINCT project_id)) FROM fresh;
  FOR project IN SELECT DISTINCT project_id FROM fresh ORDER BY project_id LOOP
    UPDATE task_needs AS edge
    SET parent = (
      SELECT producer.task_id
      FROM artifact_producers AS producer
      WHERE producer.project_id = project AND producer.name = edge.need
      ORDER BY producer.is_live DESC, producer.task_id
      LIMIT 1
    )
    FROM fresh
    WHERE fresh.project_id = project
      AND fresh.kind = 'artifact'
      AND edge.project_id = project
      AND edge.task_id = fresh.task_id
      AND edge.kind = fresh.kind
      AND edge.need = fresh.need;
    SELECT array_agg(edge.task_id), array_agg(edge.parent)
    INTO children, parents
    FROM fresh
    JOIN task_needs AS edge USING (project_id, task_id, kind, need)
    WHERE fresh.project_id = project;
    PERFORM lock_tasks(project, parents);
    SELECT jsonb_agg(DISTINCT fresh.need)
    INTO gone
    FROM fresh
    WHERE fresh.project_id = project
      AND fresh.kind = 'task'
      AND NOT EXISTS (SELECT FROM tasks WHERE tasks.project_id = project AND tasks.task_id = fresh.need);
    IF gone IS NOT NULL THEN
      SELECT jsonb_agg(need)
      INTO missing
      FROM jsonb_array_elements_text(gone) AS need
      WHERE archived_status(project, need) IS NULL;
      IF missing IS NOT NULL THEN
        PERFORM refuse_graph('need_not_found', jsonb_build_object('task_ids', missing));
      END IF;
      -- These are archived: their ends are known, and nothing will change them.
      UPDATE task_needs
      SET parent = NULL
      WHERE project_id = project
        AND task_id = ANY (children)
        AND kind = 'task'
        AND need IN (SELECT jsonb_array_elements_text(gone));
    END IF;
    -- Where the isolation is stricter than READ COMMITTED, only a change makes whoever ends the task start anew.
    UPDATE tasks SET in_graph = true
    WHERE project_id = project
      AND task_id = ANY (parents)
      AND (NOT in_graph OR current_setting('transaction_isolation') <> 'read committed');
    PERFORM refuse_cycle(project, children, parents);
    PERFORM settle_needs(project, children, p_are_own => true);
    PERFORM inherit_priority(project, parents);
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
-- After a task has ended, or is to be done again.
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
  PERFORM settle_needs(
    NEW.project_id, children, jsonb_build_object('task_id', NEW.task_id, 'status', NEW.status)
  );
  IF NEW.status IN ('pending', 'in_progress') THEN
    PERFORM inherit_priority(NEW.project_id, ARRAY[NEW.task_id]);
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
-- After a task has been deleted or archived. What it has made is there all the same.
CREATE OR REPLACE FUNCTION "leave_graph"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parents text[];
  children text[];
BEGIN
  WITH gone AS (
    DELETE FROM task_needs
    WHERE project_id = OLD.project_id AND task_id = OLD.task_id
    RETURNING parent, state
  )
  SELECT array_agg(DISTINCT parent) INTO parents FROM gone WHERE state = 'waiting' AND parent IS NOT NULL;
  PERFORM inherit_priority(OLD.project_id, parents);
  IF NOT OLD.in_graph THEN
    RETURN NULL;
  END IF;
  IF OLD.status = 'completed' THEN
    INSERT INTO artifacts (project_id, name, provided_at, uri, sha256, bytes)
    SELECT
      producer.project_id, producer.name, OLD.completed_at,
      made.artifact ->> 'uri', made.artifact ->> 'sha256', (made.artifact ->> 'bytes')::bigint
    FROM artifact_producers AS producer
    LEFT JOIN LATERAL (
      SELECT artifact
      FROM jsonb_array_elements(OLD.artifacts) AS artifact
      WHERE artifact ->> 'name' = producer.name
      LIMIT 1
    ) AS made ON true
    WHERE producer.project_id = OLD.project_id AND producer.task_id = OLD.task_id AND producer.is_live
    ON CONFLICT DO NOTHING;
  END IF;
  DELETE FROM artifact_producers WHERE project_id = OLD.project_id AND task_id = OLD.task_id;
  SELECT array_agg(DISTINCT task_id)
  INTO children
  FROM task_needs
  WHERE project_id = OLD.project_id AND parent = OLD.task_id;
  PERFORM settle_needs(OLD.project_id, children, jsonb_build_object('task_id', OLD.task_id, 'status', 'deleted'));
  UPDATE task_needs SET parent = NULL WHERE project_id = OLD.project_id AND parent = OLD.task_id;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "provide_artifact"(p_project text, p_name text, p_uri text, p_sha256 text, p_bytes bigint)
RETURNS artifacts
LANGUAGE plpgsql AS $$
DECLARE
  provided artifacts;
  children text[];
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  INSERT INTO artifacts AS artifact (project_id, name, provided_at, uri, sha256, bytes)
  VALUES (p_project, p_name, task_clock(), p_uri, p_sha256, p_bytes)
  ON CONFLICT (project_id, name) DO UPDATE
  SET uri = excluded.uri, sha256 = excluded.sha256, bytes = excluded.bytes, provided_at = excluded.provided_at
  RETURNING * INTO provided;
  SELECT array_agg(DISTINCT task_id)
  INTO children
  FROM task_needs
  WHERE project_id = p_project AND kind = 'artifact' AND need = p_name;
  PERFORM settle_needs(p_project, children, jsonb_build_object('artifact', p_name));
  RETURN provided;
END $$;--> statement-breakpoint
-- Sets what a task needs of another, and returns the task; no row where there is none.
CREATE OR REPLACE FUNCTION "put_need"(
  p_project text, p_task text, p_need text, p_condition text, p_group text, p_on_failure text
) RETURNS SETOF tasks
LANGUAGE plpgsql AS $$
DECLARE
  was text;
  is_new_group boolean;
  unblocks boolean;
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  PERFORM lock_tasks(p_project, ARRAY[p_need]);
  PERFORM lock_tasks(p_project, ARRAY[p_task]);
  SELECT readiness_of(unmet_needs, stuck_needs) INTO was FROM tasks WHERE project_id = p_project AND task_id = p_task;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM drop_need(p_project, p_task, p_need);
  IF (SELECT count(*) >= 100 FROM task_needs WHERE project_id = p_project AND task_id = p_task AND kind = 'task') THEN
    PERFORM refuse_graph('too_many_needs', jsonb_build_object('task_id', p_task));
  END IF;
  SELECT count(*) = 0, coalesce(bool_and(state = 'failed'), false)
  INTO is_new_group, unblocks
  FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND need_group = p_group;
  -- Counts as waiting until it is settled, which the trigger does.
  UPDATE tasks
  SET unmet_needs = unmet_needs + is_new_group::integer,
      stuck_needs = stuck_needs - unblocks::integer,
      ready_at = due_at(tasks, unmet_needs + is_new_group::integer)
  WHERE project_id = p_project AND task_id = p_task;
  INSERT INTO task_needs (project_id, task_id, kind, need, condition, need_group, on_failure, parent)
  VALUES (p_project, p_task, 'task', p_need, p_condition, p_group, p_on_failure, p_need);
  PERFORM note_readiness(p_project, ARRAY[p_task], ARRAY[was], NULL);
  RETURN QUERY SELECT * FROM note_change(p_project, p_task);
END $$;--> statement-breakpoint
-- Takes a need away, and returns the task; no row where there is no such need. It may have been the last way to meet a
-- group that asks to be cancelled otherwise.
CREATE OR REPLACE FUNCTION "delete_need"(p_project text, p_task text, p_need text) RETURNS SETOF tasks
LANGUAGE plpgsql AS $$
DECLARE
  was text;
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  PERFORM lock_tasks(p_project, ARRAY[p_task]);
  SELECT readiness_of(unmet_needs, stuck_needs) INTO was FROM tasks WHERE project_id = p_project AND task_id = p_task;
  IF drop_need(p_project, p_task, p_need) THEN
    PERFORM settle_needs(p_project, ARRAY[p_task], p_are_own => true);
    PERFORM note_readiness(p_project, ARRAY[p_task], ARRAY[was], NULL);
    RETURN QUERY SELECT * FROM note_change(p_project, p_task);
  END IF;
END $$;--> statement-breakpoint
CREATE FUNCTION "settings_of"(project projects) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
    'readiness', project.readiness,
    'completion', project.completion,
    'paused', CASE
      WHEN project.pause_reason IS NOT NULL THEN jsonb_build_object(
        'reason', project.pause_reason,
        'until', to_char(project.paused_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      )
    END
  )
$$;--> statement-breakpoint
-- Sets the settings of a project; null leaves one as it is. Whoever adds tasks waits meanwhile.
CREATE OR REPLACE FUNCTION "put_project"(
  p_project text, p_readiness text, p_completion text, p_sets_pause boolean, p_reason text, p_until timestamptz
) RETURNS SETOF projects
LANGUAGE plpgsql AS $$
DECLARE
  project_was projects;
  project_is projects;
  pending_tasks text[];
  were text[];
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  SELECT * INTO project_was FROM projects WHERE project_id = p_project FOR UPDATE;
  UPDATE projects
  SET readiness = coalesce(p_readiness, readiness),
      completion = coalesce(p_completion, completion),
      pause_reason = CASE WHEN p_sets_pause THEN p_reason ELSE pause_reason END,
      paused_until = CASE WHEN p_sets_pause THEN p_until ELSE paused_until END
  WHERE project_id = p_project
  RETURNING * INTO project_is;
  RETURN QUERY SELECT (project_is).*;
  -- The change is of no task. Settings have no versions: each change is a first one.
  INSERT INTO task_events (project_id, task_id, version, at, type, caller, data)
  SELECT
    p_project, '', 1, task_clock(), 'project_changed',
    coalesce(nullif(current_setting('task_tracker.caller', true), ''), 'sql:' || session_user),
    jsonb_build_object('before', settings_of(project_was), 'after', settings_of(project_is))
  WHERE settings_of(project_was) <> settings_of(project_is);
  IF project_is.readiness = project_was.readiness THEN
    RETURN;
  END IF;
  IF (SELECT count(*) > 10000 FROM (SELECT FROM tasks WHERE project_id = p_project LIMIT 10001) AS counted) THEN
    PERFORM refuse_graph('project_too_large', jsonb_build_object('project_id', p_project));
  END IF;
  PERFORM lock_tasks(p_project, (SELECT array_agg(task_id) FROM tasks WHERE project_id = p_project));
  SELECT array_agg(task_id), array_agg(readiness_of(unmet_needs, stuck_needs))
  INTO pending_tasks, were
  FROM tasks
  WHERE project_id = p_project AND status = 'pending';
  IF p_readiness = 'inputs' THEN
    INSERT INTO artifact_producers (project_id, name, task_id, is_live)
    SELECT DISTINCT project_id, name, task_id, false
    FROM tasks
    CROSS JOIN LATERAL jsonb_array_elements_text(expected_outputs) AS name
    WHERE project_id = p_project;
    UPDATE tasks
    SET unmet_needs = unmet_needs + more.needs,
        ready_at = due_at(tasks, unmet_needs + more.needs)
    FROM (
      SELECT task_id, count(DISTINCT name)::integer AS needs
      FROM tasks
      CROSS JOIN LATERAL jsonb_array_elements_text(inputs) AS name
      WHERE project_id = p_project
      GROUP BY task_id
    ) AS more
    WHERE tasks.project_id = p_project AND tasks.task_id = more.task_id;
    INSERT INTO task_needs (project_id, task_id, kind, need, need_group)
    SELECT DISTINCT project_id, task_id, 'artifact', name, 'artifact:' || name
    FROM tasks
    CROSS JOIN LATERAL jsonb_array_elements_text(inputs) AS name
    WHERE project_id = p_project;
  ELSE
    WITH gone AS (
      DELETE FROM task_needs
      WHERE project_id = p_project AND kind = 'artifact'
      RETURNING task_id, state
    ),
    fewer AS (
      SELECT
        task_id,
        (count(*) FILTER (WHERE state <> 'met'))::integer AS unmet,
        (count(*) FILTER (WHERE state = 'failed'))::integer AS stuck
      FROM gone
      GROUP BY task_id
    )
    UPDATE tasks
    SET unmet_needs = unmet_needs - fewer.unmet,
        stuck_needs = stuck_needs - fewer.stuck,
        ready_at = due_at(tasks, unmet_needs - fewer.unmet)
    FROM fewer
    WHERE tasks.project_id = p_project AND tasks.task_id = fewer.task_id;
    DELETE FROM artifact_producers WHERE project_id = p_project;
    PERFORM inherit_priority(p_project, (SELECT array_agg(task_id) FROM tasks WHERE project_id = p_project AND in_graph));
  END IF;
  PERFORM note_readiness(p_project, pending_tasks, were, jsonb_build_object('readiness', p_readiness));
END $$;--> statement-breakpoint
-- DELETE, not TRUNCATE, as for the log.
CREATE OR REPLACE FUNCTION "forget_graph"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_needs;
  DELETE FROM artifact_producers;
  DELETE FROM artifacts;
  DELETE FROM cascades_left;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Whoever may write the records of requests is a role of the service.
DO $$
DECLARE
  role text;
BEGIN
  FOR role IN
    SELECT DISTINCT grantee::regrole::text
    FROM pg_class, aclexplode(relacl)
    WHERE oid = 'idempotency_keys'::regclass AND privilege_type = 'INSERT' AND grantee <> relowner AND grantee <> 0
  LOOP
    EXECUTE 'grant select, insert, update, delete on cascades_left to ' || role;
    EXECUTE 'grant usage on all sequences in schema public to ' || role;
  END LOOP;
END $$;
