ALTER TABLE "task_events" DROP CONSTRAINT "task_events_type_known";--> statement-breakpoint
ALTER TABLE "task_events" ADD COLUMN "is_history" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "artifacts_by_time" ON "artifacts" USING btree ("project_id","provided_at");--> statement-breakpoint
CREATE INDEX "task_needs_unconnected" ON "task_needs" USING btree ("project_id","need") WHERE "task_needs"."kind" = 'task' and "task_needs"."parent" is null;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_type_known" CHECK ("task_events"."type" in ('added', 'moved', 'reset', 'claimed', 'released', 'retried', 'expired', 'progressed', 'edited', 'noted', 'need_set', 'need_removed', 'ready', 'blocked', 'stuck', 'deleted', 'restored', 'archived', 'imported', 'project_changed', 'sealed')) NOT VALID;--> statement-breakpoint
-- As in 0010_graph_events.sql, but for what an import asks: a need for a task that has never been there waits for it, and
-- during an import nothing is logged or cancelled, since its lines tell what became of each task.
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
      IF missing IS NOT NULL AND coalesce(current_setting('task_tracker.importing', true), '') = '' THEN
        PERFORM refuse_graph('need_not_found', jsonb_build_object('task_ids', missing));
      END IF;
      -- These are archived: their ends are known, and nothing will change them. An import may bring others later.
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
-- What lines of an import tell of the needs of their tasks; where artifacts count, with those for inputs. A need for a
-- task that was gone keeps its state: another task may have the id by now.
CREATE FUNCTION "imported_needs"(p_project text, p_lines jsonb, p_counts boolean) RETURNS SETOF task_needs
LANGUAGE sql STABLE AS $$
  WITH line AS MATERIALIZED (
    SELECT line ->> 'task_id' AS task_id, line -> 'needs' AS needs, line -> 'inputs' AS inputs
    FROM jsonb_array_elements(p_lines) AS line
  ),
  given AS MATERIALIZED (
    SELECT
      line.task_id, need ->> 'task_id' AS need, need ->> 'when' AS condition, need ->> 'need_group' AS need_group,
      need ->> 'on_failure' AS on_failure, need ->> 'state' AS state
    FROM line CROSS JOIN LATERAL jsonb_array_elements(line.needs) AS need
  )
  SELECT
    p_project, task_id, 'task', need, condition, need_group, on_failure,
    CASE WHEN state IS NULL THEN need END, coalesce(state, 'waiting')
  FROM given
  UNION ALL
  SELECT p_project, task_id, 'artifact', name, 'completed', 'artifact:' || name, 'block', NULL, 'waiting'
  FROM line CROSS JOIN LATERAL names_in(line.inputs) AS name
  WHERE p_counts
$$;--> statement-breakpoint
-- How many groups of needs are unmet, and how many of these can no longer be met; of each task that has any.
CREATE FUNCTION "counted_needs"(p_edges task_needs[])
RETURNS TABLE (task_id text, unmet_needs integer, stuck_needs integer)
LANGUAGE sql IMMUTABLE AS $$
  SELECT
    grouped.task_id,
    (count(*) FILTER (WHERE NOT grouped.is_met))::integer,
    (count(*) FILTER (WHERE grouped.is_stuck))::integer
  FROM (
    SELECT edge.task_id, bool_or(edge.state = 'met') AS is_met, bool_and(edge.state = 'failed') AS is_stuck
    FROM unnest(p_edges) AS edge
    GROUP BY edge.task_id, edge.need_group
  ) AS grouped
  GROUP BY grouped.task_id
$$;--> statement-breakpoint
-- Logs what an import made of tasks; readers of the feed learn no more of it.
CREATE FUNCTION "log_imported"(task tasks, was text) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO task_events (project_id, task_id, version, at, type, from_status, to_status, caller, attempt)
  VALUES (
    task.project_id, task.task_id, task.version, task_clock(), 'imported', was, task.status,
    coalesce(nullif(current_setting('task_tracker.caller', true), ''), 'sql:' || session_user), task.attempt
  )
$$;--> statement-breakpoint
-- Adds the tasks of these lines, none of which is there, in their order. What waits for them is connected.
CREATE FUNCTION "import_new_tasks"(p_project text, p_lines jsonb, p_counts boolean) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  edges task_needs[];
  ids text[];
  children text[];
  parents text[];
BEGIN
  SELECT array_agg(line ->> 'task_id') INTO ids FROM jsonb_array_elements(p_lines) AS line;
  IF ids IS NULL THEN
    RETURN;
  END IF;
  SELECT array_agg(edge) INTO edges FROM imported_needs(p_project, p_lines, p_counts) AS edge;
  INSERT INTO tasks (
    task_id, project_id, description, generator_name, status, inputs, expected_outputs, context_notes, created_at,
    updated_at, completed_at, pending_at, started_at, completion_notes, priority, not_before, max_attempts, attempt,
    retry_at, last_error, expiries, max_expiries, max_run_seconds, checkpoint, result, artifacts, version, revision,
    labels, metadata, unmet_needs, stuck_needs, ready_at
  )
  SELECT
    task.task_id, p_project, task.description, task.generator_name, task.status, task.inputs, task.expected_outputs,
    task.context_notes, task.created_at, task.updated_at, task.completed_at, task.pending_at, task.started_at,
    task.completion_notes, task.priority, task.not_before, task.max_attempts, task.attempt, task.retry_at,
    task.last_error, task.expiries, task.max_expiries, task.max_run_seconds, task.checkpoint, task.result,
    task.artifacts, task.version, task.revision, task.labels, task.metadata,
    coalesce(counted.unmet_needs, 0), coalesce(counted.stuck_needs, 0),
    due_at(task, coalesce(counted.unmet_needs, 0))
  FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS given (line, place)
  CROSS JOIN LATERAL jsonb_populate_record(NULL::tasks, given.line) AS task
  LEFT JOIN counted_needs(edges) AS counted USING (task_id)
  ORDER BY given.place;
  PERFORM log_imported(tasks, NULL)
  FROM tasks
  WHERE project_id = p_project AND task_id = ANY (ids);
  INSERT INTO task_needs SELECT (edge).* FROM unnest(edges) AS edge;
  INSERT INTO artifact_producers (project_id, name, task_id, is_live)
  SELECT p_project, name, line ->> 'task_id', false
  FROM jsonb_array_elements(p_lines) AS line
  CROSS JOIN LATERAL names_in(line -> 'expected_outputs') AS name
  WHERE p_counts;
  -- What came before its need.
  WITH connected AS (
    UPDATE task_needs SET parent = need
    WHERE project_id = p_project AND kind = 'task' AND parent IS NULL AND state = 'waiting' AND need = ANY (ids)
    RETURNING task_id, parent
  )
  SELECT array_agg(task_id), array_agg(parent) INTO children, parents FROM connected;
  IF children IS NOT NULL THEN
    PERFORM lock_tasks(p_project, children);
    UPDATE tasks SET in_graph = true WHERE project_id = p_project AND task_id = ANY (parents);
    PERFORM refuse_cycle(p_project, children, parents);
    PERFORM settle_needs(p_project, children, p_are_own => true);
    PERFORM inherit_priority(p_project, parents);
  END IF;
END $$;--> statement-breakpoint
-- Ends a claim that an import goes over, if there is one.
CREATE FUNCTION "end_overwritten_claim"(task tasks) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO attempts (project_id, task_id, agent_id, attempt, began_at, ended_at, outcome, progress, usage)
  SELECT
    task.project_id, task.task_id, task.claimed_by, task.attempt, task.started_at, task_clock(), 'reset', task.progress,
    task.usage
  WHERE task.claimed_by IS NOT NULL
$$;--> statement-breakpoint
-- Whether the needs of a task are those already, but for what they have come to.
CREATE FUNCTION "has_needs"(p_project text, p_task text, p_edges task_needs[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
  WITH stored AS (
    SELECT
      kind, need, condition, need_group, on_failure,
      CASE WHEN kind = 'task' AND parent IS NULL THEN nullif(state, 'waiting') END AS state
    FROM task_needs
    WHERE project_id = p_project AND task_id = p_task
  ),
  given AS (
    SELECT kind, need, condition, need_group, on_failure, nullif(state, 'waiting') AS state FROM unnest(p_edges) AS edge
  )
  SELECT NOT EXISTS (TABLE stored EXCEPT TABLE given) AND NOT EXISTS (TABLE given EXCEPT TABLE stored)
$$;--> statement-breakpoint
-- Puts what a line tells in the place of a locked task. Needs that are the same stay as they are. The version changes in
-- two steps, so that no trigger takes the change for one of the version before.
CREATE FUNCTION "import_over_task"(was tasks, p_line jsonb, p_counts boolean) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  task tasks := jsonb_populate_record(was, p_line);
  edges task_needs[];
  parents text[];
  stays boolean;
BEGIN
  PERFORM end_overwritten_claim(was);
  SELECT array_agg(edge) INTO edges FROM imported_needs(was.project_id, jsonb_build_array(p_line), p_counts) AS edge;
  stays := has_needs(was.project_id, was.task_id, edges);
  IF NOT stays THEN
    WITH gone AS (
      DELETE FROM task_needs WHERE project_id = was.project_id AND task_id = was.task_id RETURNING parent, state
    )
    SELECT array_agg(DISTINCT parent) INTO parents FROM gone WHERE state = 'waiting' AND parent IS NOT NULL;
    SELECT unmet_needs, stuck_needs INTO task.unmet_needs, task.stuck_needs FROM counted_needs(edges);
    task.unmet_needs := coalesce(task.unmet_needs, 0);
    task.stuck_needs := coalesce(task.stuck_needs, 0);
  END IF;
  UPDATE tasks SET version = -1 WHERE project_id = was.project_id AND task_id = was.task_id;
  UPDATE tasks
  SET description = task.description, generator_name = task.generator_name, status = task.status,
      inputs = task.inputs, expected_outputs = task.expected_outputs, context_notes = task.context_notes,
      created_at = task.created_at, updated_at = task.updated_at, completed_at = task.completed_at,
      pending_at = task.pending_at, started_at = task.started_at, completion_notes = task.completion_notes,
      not_before = task.not_before, max_attempts = task.max_attempts, attempt = task.attempt,
      retry_at = task.retry_at, last_error = task.last_error, expiries = task.expiries,
      max_expiries = task.max_expiries, max_run_seconds = task.max_run_seconds, checkpoint = task.checkpoint,
      result = task.result, artifacts = task.artifacts, version = task.version, revision = task.revision,
      labels = task.labels, metadata = task.metadata, unmet_needs = task.unmet_needs,
      stuck_needs = task.stuck_needs, ready_at = due_at(task, task.unmet_needs), stale = false, progress = NULL,
      usage = NULL, claimed_by = NULL, claim_token = NULL, claim_slot = NULL, lease_seconds = NULL,
      lease_expires_at = NULL, lease_check_at = NULL, moved_by_holder = false
  WHERE project_id = was.project_id AND task_id = was.task_id;
  IF task.priority <> coalesce(was.own_priority, was.priority) THEN
    PERFORM edit_priority(was.project_id, was.task_id, task.priority);
  END IF;
  IF NOT stays THEN
    PERFORM inherit_priority(was.project_id, parents);
    INSERT INTO task_needs SELECT (edge).* FROM unnest(edges) AS edge;
  END IF;
  IF p_counts THEN
    PERFORM edit_outputs(was.project_id, was.task_id, was.expected_outputs, task.expected_outputs);
  END IF;
  PERFORM log_imported(task, was.status);
END $$;--> statement-breakpoint
-- Takes a locked task away, which ended or stood in p_status where it was deleted: what needs it is judged by that.
CREATE FUNCTION "import_removal"(was tasks, p_status text) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  task tasks := was;
BEGIN
  IF p_status <> was.status THEN
    PERFORM end_overwritten_claim(was);
    UPDATE tasks
    SET version = version + 1, status = p_status, ready_at = due_at(jsonb_populate_record(was, jsonb_build_object('status', p_status)), unmet_needs),
        completed_at = CASE WHEN p_status = 'completed' THEN task_clock() END, claimed_by = NULL, claim_token = NULL,
        claim_slot = NULL, lease_seconds = NULL, lease_expires_at = NULL, lease_check_at = NULL
    WHERE project_id = was.project_id AND task_id = was.task_id
    RETURNING * INTO task;
    PERFORM log_imported(task, was.status);
  END IF;
  PERFORM set_config('task_tracker.removal', 'imported', true);
  DELETE FROM tasks WHERE project_id = was.project_id AND task_id = was.task_id;
  PERFORM set_config('task_tracker.removal', '', true);
  DELETE FROM task_notes WHERE project_id = was.project_id AND task_seq = was.seq;
END $$;--> statement-breakpoint
-- Takes lines about tasks, and tells what became of each, by its place. `round` counts what came before about the same
-- task in the same request.
CREATE FUNCTION "import_tasks"(p_project text, p_lines jsonb) RETURNS TABLE (place integer, result text, reason text)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  counts boolean;
  line jsonb;
  was tasks;
  fresh jsonb;
BEGIN
  SELECT readiness = 'inputs' INTO counts FROM projects WHERE project_id = p_project;
  PERFORM lock_tasks(p_project, array_agg(one ->> 'task_id')) FROM jsonb_array_elements(p_lines) AS one;
  FOR turn IN 0 .. (SELECT coalesce(max((one ->> 'round')::integer), -1) FROM jsonb_array_elements(p_lines) AS one) LOOP
    fresh := '[]';
    FOR line IN
      SELECT one FROM jsonb_array_elements(p_lines) AS one
      WHERE (one ->> 'round')::integer = turn
      ORDER BY (one ->> 'place')::integer
    LOOP
      place := (line ->> 'place')::integer;
      reason := NULL;
      SELECT * INTO was FROM tasks WHERE project_id = p_project AND task_id = line ->> 'task_id' FOR UPDATE;
      IF line ->> 'kind' = 'gone' THEN
        IF NOT FOUND THEN
          result := 'unchanged';
        ELSIF was.version > (line ->> 'version')::integer THEN
          result := 'skipped';
          reason := 'newer';
        ELSE
          PERFORM import_removal(was, line ->> 'status');
          result := 'removed';
        END IF;
      ELSIF FOUND THEN
        IF (was.revision, was.version) = ((line ->> 'revision')::integer, (line ->> 'version')::integer) THEN
          result := 'unchanged';
        ELSIF (was.revision, was.version) > ((line ->> 'revision')::integer, (line ->> 'version')::integer) THEN
          result := 'skipped';
          reason := 'newer';
        ELSE
          PERFORM import_over_task(was, line, counts);
          result := 'replaced';
        END IF;
      ELSIF EXISTS (
        SELECT FROM deleted_tasks WHERE project_id = p_project AND task_id = line ->> 'task_id'
      ) THEN
        result := 'skipped';
        reason := 'deleted';
      ELSE
        fresh := fresh || line;
        result := 'added';
      END IF;
      RETURN NEXT;
    END LOOP;
    PERFORM import_new_tasks(p_project, fresh, counts);
  END LOOP;
END $$;--> statement-breakpoint
-- Takes lines about what happened, which nothing follows from any more.
CREATE FUNCTION "import_history"(p_project text, p_lines jsonb) RETURNS TABLE (place integer, result text, reason text)
LANGUAGE sql AS $$
  WITH line AS MATERIALIZED (
    SELECT
      (one ->> 'place')::integer AS place,
      row_number() OVER (
        PARTITION BY event.task_id, event.version, event.at, event.type ORDER BY (one ->> 'place')::integer
      ) > 1 OR EXISTS (
        SELECT FROM task_events AS known
        WHERE known.project_id = p_project
          AND known.task_id = event.task_id
          AND known.version = event.version
          AND known.at = event.at
          AND known.type = event.type
      ) AS is_known,
      event.*
    FROM jsonb_array_elements(p_lines) AS one
    CROSS JOIN LATERAL jsonb_populate_record(NULL::task_events, one) AS event
  ),
  added AS (
    INSERT INTO task_events (
      project_id, task_id, version, at, type, from_status, to_status, caller, agent_id, attempt, data, is_history
    )
    SELECT p_project, task_id, version, at, type, from_status, to_status, caller, agent_id, attempt, data, true
    FROM line
    WHERE NOT is_known
    ORDER BY place
  )
  SELECT place, CASE WHEN is_known THEN 'unchanged' ELSE 'added' END, NULL FROM line
$$;--> statement-breakpoint
CREATE FUNCTION "import_attempts"(p_project text, p_lines jsonb) RETURNS TABLE (place integer, result text, reason text)
LANGUAGE sql AS $$
  WITH line AS MATERIALIZED (
    SELECT
      (one ->> 'place')::integer AS place,
      row_number() OVER (
        PARTITION BY given.task_id, given.agent_id, given.attempt, given.ended_at, given.outcome
        ORDER BY (one ->> 'place')::integer
      ) > 1 OR EXISTS (
        SELECT FROM attempts AS known
        WHERE known.project_id = p_project
          AND known.task_id = given.task_id
          AND known.agent_id = given.agent_id
          AND known.attempt = given.attempt
          AND known.ended_at = given.ended_at
          AND known.outcome = given.outcome
      ) AS is_known,
      EXISTS (SELECT FROM tasks WHERE tasks.project_id = p_project AND tasks.task_id = given.task_id) AS is_there,
      given.*
    FROM jsonb_array_elements(p_lines) AS one
    CROSS JOIN LATERAL jsonb_populate_record(NULL::attempts, one) AS given
  ),
  added AS (
    INSERT INTO attempts (
      project_id, task_id, agent_id, attempt, began_at, ended_at, outcome, error, progress, usage
    )
    SELECT p_project, task_id, agent_id, attempt, began_at, ended_at, outcome, error, progress, usage
    FROM line
    WHERE is_there AND NOT is_known
    ORDER BY place
  )
  SELECT
    place,
    CASE WHEN NOT is_there THEN 'skipped' WHEN is_known THEN 'unchanged' ELSE 'added' END,
    CASE WHEN NOT is_there THEN 'no_task' END
  FROM line
$$;--> statement-breakpoint
-- Notes beyond p_most of a task are left out.
CREATE FUNCTION "import_notes"(p_project text, p_lines jsonb, p_most integer)
RETURNS TABLE (place integer, result text, reason text)
LANGUAGE sql AS $$
  WITH line AS MATERIALIZED (
    SELECT
      (one ->> 'place')::integer AS place, tasks.seq, tasks.note_count, tasks.task_id, note.version, note.at, note.author,
      note.agent_id, note.text,
      row_number() OVER (PARTITION BY tasks.seq, note.version ORDER BY (one ->> 'place')::integer) > 1
      OR EXISTS (
        SELECT FROM task_notes AS known
        WHERE known.project_id = p_project AND known.task_seq = tasks.seq AND known.version = note.version
      ) AS is_known
    FROM jsonb_array_elements(p_lines) AS one
    CROSS JOIN LATERAL jsonb_populate_record(NULL::task_notes, one) AS note
    LEFT JOIN tasks ON tasks.project_id = p_project AND tasks.task_id = one ->> 'task_id'
  ),
  judged AS MATERIALIZED (
    SELECT
      line.*,
      count(*) FILTER (WHERE NOT is_known) OVER (PARTITION BY seq ORDER BY place) + note_count > p_most AS is_full
    FROM line
  ),
  added AS (
    INSERT INTO task_notes (project_id, task_seq, version, at, author, agent_id, text)
    SELECT p_project, seq, version, at, author, agent_id, text
    FROM judged
    WHERE seq IS NOT NULL AND NOT is_known AND NOT is_full
    RETURNING task_seq
  ),
  counted AS (
    UPDATE tasks SET note_count = note_count + more.notes
    FROM (SELECT task_seq, count(*)::smallint AS notes FROM added GROUP BY task_seq) AS more
    WHERE tasks.project_id = p_project AND tasks.seq = more.task_seq
  )
  SELECT
    place,
    CASE
      WHEN seq IS NULL THEN 'skipped'
      WHEN is_known THEN 'unchanged'
      WHEN is_full THEN 'skipped'
      ELSE 'added'
    END,
    CASE WHEN seq IS NULL THEN 'no_task' WHEN NOT is_known AND is_full THEN 'too_many_notes' END
  FROM judged
$$;--> statement-breakpoint
-- Of one artifact, what was told last counts.
CREATE FUNCTION "import_artifacts"(p_project text, p_lines jsonb)
RETURNS TABLE (place integer, result text, reason text)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  children text[];
BEGIN
  RETURN QUERY
  WITH line AS MATERIALIZED (
    SELECT
      (one ->> 'place')::integer AS place, given.*,
      row_number() OVER (
        PARTITION BY given.name ORDER BY given.provided_at DESC, (one ->> 'place')::integer
      ) > 1 AS is_old
    FROM jsonb_array_elements(p_lines) AS one
    CROSS JOIN LATERAL jsonb_populate_record(NULL::artifacts, one) AS given
  ),
  judged AS MATERIALIZED (
    SELECT line.*, known.provided_at AS known_at
    FROM line
    LEFT JOIN artifacts AS known ON known.project_id = p_project AND known.name = line.name
  ),
  written AS (
    INSERT INTO artifacts (project_id, name, provided_at, uri, sha256, bytes)
    SELECT p_project, name, provided_at, uri, sha256, bytes
    FROM judged
    WHERE NOT is_old AND provided_at > coalesce(known_at, '-infinity')
    ORDER BY name
    ON CONFLICT (project_id, name) DO UPDATE
    SET uri = excluded.uri, sha256 = excluded.sha256, bytes = excluded.bytes, provided_at = excluded.provided_at
  )
  SELECT
    place,
    CASE
      WHEN is_old OR provided_at = known_at THEN 'unchanged'
      WHEN known_at IS NULL THEN 'added'
      WHEN provided_at > known_at THEN 'replaced'
      ELSE 'skipped'
    END,
    CASE WHEN NOT is_old AND provided_at < known_at THEN 'newer' END
  FROM judged;
  SELECT array_agg(DISTINCT task_id)
  INTO children
  FROM task_needs
  WHERE project_id = p_project
    AND kind = 'artifact'
    AND need IN (SELECT one ->> 'name' FROM jsonb_array_elements(p_lines) AS one);
  PERFORM settle_needs(p_project, children);
END $$;--> statement-breakpoint
-- Moves counters past the numbers that were given out elsewhere.
CREATE FUNCTION "import_ids"(p_project text, p_lines jsonb) RETURNS TABLE (place integer, result text, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT
    (one ->> 'place')::integer,
    CASE
      WHEN greatest(
        (
          SELECT last_number FROM id_counters WHERE project_id = p_project AND id_counters.prefix = one ->> 'prefix'
        ),
        (SELECT max(number) FROM id_floors WHERE project_id = p_project AND id_floors.prefix = one ->> 'prefix')
      ) >= (one ->> 'last_number')::bigint THEN 'unchanged'
      ELSE 'replaced'
    END,
    NULL
  FROM jsonb_array_elements(p_lines) AS one;
  PERFORM note_numbers(
    array_agg(p_project), array_agg(id_text(one ->> 'prefix', (one ->> 'last_number')::bigint))
  )
  FROM jsonb_array_elements(p_lines) AS one;
END $$;--> statement-breakpoint
CREATE FUNCTION "import_settings"(p_project text, p_lines jsonb) RETURNS TABLE (place integer, result text, reason text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  line jsonb;
  was jsonb;
BEGIN
  FOR line IN
    SELECT one FROM jsonb_array_elements(p_lines) AS one ORDER BY (one ->> 'place')::integer
  LOOP
    SELECT settings_of(projects) INTO was FROM projects WHERE project_id = p_project;
    PERFORM put_project(
      p_project, line ->> 'readiness', line ->> 'completion', true, line #>> '{paused,reason}',
      (line #>> '{paused,until}')::timestamptz
    );
    PERFORM set_numbering(p_project, line ->> 'task_id_prefix', line -> 'artifact_types');
    place := (line ->> 'place')::integer;
    SELECT CASE WHEN settings_of(projects) = was THEN 'unchanged' ELSE 'replaced' END
    INTO result
    FROM projects
    WHERE project_id = p_project;
    RETURN NEXT;
  END LOOP;
END $$;--> statement-breakpoint
-- Takes lines of an export into a project and returns what became of each, in their order. The end of an export lets the
-- upkeep cancel what an import left waiting in vain. With p_dry_run, all of it is undone.
CREATE FUNCTION "import_lines"(p_project text, p_lines jsonb, p_dry_run boolean, p_most_notes integer)
RETURNS TABLE (place integer, result text, reason text)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  results jsonb;
  lines jsonb;
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  BEGIN
    PERFORM set_config('task_tracker.importing', 'on', true);
    SELECT coalesce(jsonb_object_agg(kind, given), '{}')
    INTO lines
    FROM (
      SELECT
        CASE one ->> 'kind' WHEN 'gone' THEN 'task' WHEN 'cursor' THEN 'mark' WHEN 'end' THEN 'mark' ELSE one ->> 'kind' END
          AS kind,
        jsonb_agg(one ORDER BY (one ->> 'place')::integer) AS given
      FROM jsonb_array_elements(p_lines) AS one
      GROUP BY 1
    ) AS sorted;
    SELECT jsonb_agg(to_jsonb(taken)) INTO results
    FROM (
      SELECT (one ->> 'place')::integer AS place, 'unchanged' AS result, NULL AS reason
      FROM jsonb_array_elements(lines -> 'mark') AS one
    ) AS taken;
    results := coalesce(results, '[]');
    IF lines ? 'project' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_settings(p_project, lines -> 'project') AS taken);
    END IF;
    IF lines ? 'ids' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_ids(p_project, lines -> 'ids') AS taken);
    END IF;
    IF lines ? 'event' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_history(p_project, lines -> 'event') AS taken);
    END IF;
    IF lines ? 'task' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_tasks(p_project, lines -> 'task') AS taken);
    END IF;
    IF lines ? 'note' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_notes(p_project, lines -> 'note', p_most_notes) AS taken);
    END IF;
    IF lines ? 'attempt' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_attempts(p_project, lines -> 'attempt') AS taken);
    END IF;
    IF lines ? 'artifact' THEN
      results := results || (SELECT jsonb_agg(to_jsonb(taken)) FROM import_artifacts(p_project, lines -> 'artifact') AS taken);
    END IF;
    INSERT INTO cascades_left (project_id)
    SELECT p_project FROM jsonb_array_elements(lines -> 'mark') AS one WHERE one ->> 'kind' = 'end' LIMIT 1;
    PERFORM set_config('task_tracker.importing', '', true);
    IF p_dry_run THEN
      RAISE EXCEPTION 'Undone' USING ERRCODE = 'XG002';
    END IF;
  EXCEPTION WHEN SQLSTATE 'XG002' THEN
    PERFORM set_config('task_tracker.importing', '', true);
  END;
  RETURN QUERY
  SELECT (taken ->> 'place')::integer, taken ->> 'result', taken ->> 'reason'
  FROM jsonb_array_elements(results) AS taken
  ORDER BY (taken ->> 'place')::integer;
END $$;
