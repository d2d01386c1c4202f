CREATE TABLE "deleted_tasks" (
	"project_id" text NOT NULL,
	"task_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"deleted_at" timestamp(3) with time zone NOT NULL,
	"task" jsonb NOT NULL,
	"attempts" jsonb NOT NULL,
	"needs" jsonb NOT NULL,
	"dependents" jsonb NOT NULL,
	CONSTRAINT "deleted_tasks_pkey" PRIMARY KEY("project_id","task_id")
);
--> statement-breakpoint
CREATE TABLE "task_labels" (
	"project_id" text NOT NULL,
	"label" text NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "task_labels_pkey" PRIMARY KEY("project_id","label","seq")
);
--> statement-breakpoint
CREATE TABLE "task_notes" (
	"project_id" text NOT NULL,
	"task_seq" bigint NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"author" text NOT NULL,
	"agent_id" text,
	"text" text NOT NULL,
	CONSTRAINT "task_notes_pkey" PRIMARY KEY("project_id","task_seq","version"),
	CONSTRAINT "task_notes_text_length" CHECK (char_length("task_notes"."text") between 1 and 10000)
);
--> statement-breakpoint
ALTER TABLE "task_events" DROP CONSTRAINT "task_events_type_known";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "labels" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "metadata" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "note_count" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "deleted_tasks_by_age" ON "deleted_tasks" USING btree ("deleted_at");--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_type_known" CHECK ("task_events"."type" in ('added', 'moved', 'reset', 'claimed', 'released', 'retried', 'expired', 'progressed', 'edited', 'noted', 'need_set', 'need_removed', 'ready', 'blocked', 'stuck', 'deleted', 'restored', 'archived', 'project_changed', 'sealed')) NOT VALID;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_labels_and_metadata" CHECK (jsonb_typeof("tasks"."labels") = 'array' and jsonb_typeof("tasks"."metadata") = 'object') NOT VALID;--> statement-breakpoint
-- JSON Merge Patch (RFC 7396, section 2).
CREATE FUNCTION "merge_patch"(target jsonb, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF jsonb_typeof(patch) <> 'object' THEN
    RETURN patch;
  END IF;
  IF jsonb_typeof(target) IS DISTINCT FROM 'object' THEN
    target := '{}';
  END IF;
  RETURN (
    SELECT coalesce(jsonb_object_agg(key, value), '{}')
    FROM (
      SELECT key, value FROM jsonb_each(target) WHERE NOT patch ? key
      UNION ALL
      SELECT key, merge_patch(target -> key, value) FROM jsonb_each(patch) WHERE value <> 'null'
    ) AS merged
  );
END $$;--> statement-breakpoint
-- The names of a list, each once.
CREATE FUNCTION "names_in"(list jsonb) RETURNS SETOF text
LANGUAGE sql IMMUTABLE AS $$
  SELECT DISTINCT jsonb_array_elements_text(list)
$$;--> statement-breakpoint
-- The following three change a locked task of a project whose turn has been taken, where artifacts count.
--
-- Lets a task need the artifacts of p_now instead of those of p_before.
CREATE FUNCTION "edit_inputs"(p_project text, p_task text, p_before jsonb, p_now jsonb) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  more text[];
  parents text[];
BEGIN
  SELECT array_agg(name) INTO more FROM (SELECT names_in(p_now) EXCEPT SELECT names_in(p_before)) AS added (name);
  WITH gone AS (
    DELETE FROM task_needs
    WHERE project_id = p_project
      AND task_id = p_task
      AND kind = 'artifact'
      AND need IN (SELECT names_in(p_before) EXCEPT SELECT names_in(p_now))
    RETURNING state, parent
  ),
  fewer AS (
    SELECT
      (count(*) FILTER (WHERE state <> 'met'))::integer AS unmet,
      (count(*) FILTER (WHERE state = 'failed'))::integer AS stuck
    FROM gone
  ),
  recounted AS (
    -- What is new counts as waiting until it is settled, which the trigger does.
    UPDATE tasks
    SET unmet_needs = unmet_needs - fewer.unmet + coalesce(cardinality(more), 0),
        stuck_needs = stuck_needs - fewer.stuck,
        ready_at = due_at(tasks, unmet_needs - fewer.unmet + coalesce(cardinality(more), 0))
    FROM fewer
    WHERE tasks.project_id = p_project AND tasks.task_id = p_task
  )
  SELECT array_agg(DISTINCT parent) INTO parents FROM gone WHERE state = 'waiting' AND parent IS NOT NULL;
  PERFORM inherit_priority(p_project, parents);
  INSERT INTO task_needs (project_id, task_id, kind, need, need_group)
  SELECT p_project, p_task, 'artifact', name, 'artifact:' || name FROM unnest(more) AS name;
END $$;--> statement-breakpoint
-- Lets a task make the artifacts of p_now instead of those of p_before.
CREATE FUNCTION "edit_outputs"(p_project text, p_task text, p_before jsonb, p_now jsonb) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  children text[];
  parents text[];
BEGIN
  DELETE FROM artifact_producers
  WHERE project_id = p_project
    AND task_id = p_task
    AND name IN (SELECT names_in(p_before) EXCEPT SELECT names_in(p_now));
  -- What waited for these goes on to another task that makes them, if any.
  SELECT array_agg(task_id)
  INTO children
  FROM task_needs
  WHERE project_id = p_project
    AND parent = p_task
    AND kind = 'artifact'
    AND need IN (SELECT names_in(p_before) EXCEPT SELECT names_in(p_now));
  IF children IS NOT NULL THEN
    PERFORM lock_tasks(p_project, children);
    WITH moved AS (
      UPDATE task_needs AS edge
      SET parent = (
        SELECT producer.task_id
        FROM artifact_producers AS producer
        WHERE producer.project_id = p_project AND producer.name = edge.need
        ORDER BY producer.is_live DESC, producer.task_id
        LIMIT 1
      )
      WHERE edge.project_id = p_project
        AND edge.parent = p_task
        AND edge.kind = 'artifact'
        AND edge.need IN (SELECT names_in(p_before) EXCEPT SELECT names_in(p_now))
      RETURNING edge.task_id, edge.parent
    )
    SELECT array_agg(task_id), array_agg(parent) INTO children, parents FROM moved;
    PERFORM refuse_cycle(p_project, children, parents);
    PERFORM settle_needs(p_project, children, jsonb_build_object('task_id', p_task, 'edited', 'expected_outputs'));
    PERFORM inherit_priority(p_project, array_append(parents, p_task));
  END IF;
  INSERT INTO artifact_producers (project_id, name, task_id, is_live)
  SELECT p_project, name, p_task, false
  FROM (SELECT names_in(p_now) EXCEPT SELECT names_in(p_before)) AS added (name);
END $$;--> statement-breakpoint
-- Gives a locked task a priority of its own, and what it waits for the urgency that follows.
CREATE FUNCTION "edit_priority"(p_project text, p_task text, p_own smallint) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  effective smallint := least(p_own, urgency_of_waiting(p_project, p_task));
BEGIN
  UPDATE tasks
  SET priority = effective,
      own_priority = CASE WHEN effective < p_own THEN p_own END
  WHERE project_id = p_project AND task_id = p_task;
  PERFORM inherit_priority(p_project, array_agg(DISTINCT parent))
  FROM task_needs
  WHERE project_id = p_project AND task_id = p_task AND state = 'waiting' AND parent IS NOT NULL;
END $$;--> statement-breakpoint
-- Changes what p_changes has, by the names of the columns; metadata is a merge patch, and JSON's null empties it.
-- Returns the task and the names of the fields that are otherwise now. Where that is refused, the task as it is, and why.
-- No row where there is none.
CREATE FUNCTION "edit_task"(
  p_project text, p_task text, p_expected integer, p_changes jsonb, p_metadata_bytes integer
) RETURNS TABLE (refused text, edited_fields text[], edited tasks)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  before tasks;
  after tasks;
  of_graph boolean := p_changes ?| ARRAY['inputs', 'expected_outputs'];
  counts boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM tasks WHERE project_id = p_project AND task_id = p_task) THEN
    RETURN;
  END IF;
  IF of_graph THEN
    PERFORM take_turn(ARRAY[p_project]);
  END IF;
  -- What is needed is locked before what needs it.
  IF of_graph OR p_changes ? 'priority' THEN
    PERFORM lock_tasks(
      p_project,
      (SELECT array_agg(parent) FROM task_needs WHERE project_id = p_project AND task_id = p_task AND state = 'waiting')
    );
  END IF;
  SELECT * INTO before FROM tasks WHERE project_id = p_project AND task_id = p_task FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  edited := before;
  IF before.revision <> p_expected THEN
    refused := 'revision';
    RETURN NEXT;
    RETURN;
  END IF;
  -- Compared, and set, as its own.
  before.priority := coalesce(before.own_priority, before.priority);
  after := jsonb_populate_record(before, p_changes - 'metadata');
  IF p_changes ? 'metadata' THEN
    after.metadata := coalesce(nullif(merge_patch(before.metadata, p_changes -> 'metadata'), 'null'), '{}');
  END IF;
  SELECT array_agg(name ORDER BY name)
  INTO edited_fields
  FROM jsonb_object_keys(p_changes) AS name
  WHERE to_jsonb(after) -> name IS DISTINCT FROM to_jsonb(before) -> name;
  refused := CASE
    WHEN edited_fields IS NULL THEN 'same'
    WHEN before.status = 'completed' AND edited_fields && ARRAY['inputs', 'expected_outputs'] THEN 'completed'
    WHEN after.max_attempts < before.attempt THEN 'attempts'
    WHEN octet_length(after.metadata::text) > greatest(p_metadata_bytes, octet_length(before.metadata::text))
      AND octet_length((p_changes -> 'metadata')::text) < octet_length(after.metadata::text) THEN 'metadata'
  END;
  IF refused IS NOT NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;
  IF 'priority' = ANY (edited_fields) THEN
    PERFORM edit_priority(p_project, p_task, after.priority);
  END IF;
  IF edited_fields && ARRAY['inputs', 'expected_outputs'] THEN
    SELECT readiness = 'inputs' INTO counts FROM projects WHERE project_id = p_project;
    IF counts THEN
      PERFORM edit_inputs(p_project, p_task, before.inputs, after.inputs);
      PERFORM edit_outputs(p_project, p_task, before.expected_outputs, after.expected_outputs);
    END IF;
  END IF;
  IF 'labels' = ANY (edited_fields) THEN
    UPDATE tasks SET labels = after.labels WHERE project_id = p_project AND task_id = p_task;
  END IF;
  PERFORM note_readiness(
    p_project, ARRAY[p_task], ARRAY[readiness_of(before.unmet_needs, before.stuck_needs)], NULL
  );
  SELECT * INTO edited FROM tasks WHERE project_id = p_project AND task_id = p_task;
  edited.not_before := after.not_before;
  UPDATE tasks
  SET description = after.description,
      generator_name = after.generator_name,
      inputs = after.inputs,
      expected_outputs = after.expected_outputs,
      context_notes = after.context_notes,
      not_before = after.not_before,
      max_attempts = after.max_attempts,
      metadata = after.metadata,
      ready_at = due_at(edited, edited.unmet_needs),
      revision = revision + 1,
      version = version + 1,
      updated_at = task_clock()
  WHERE project_id = p_project AND task_id = p_task;
  SELECT * INTO edited FROM tasks WHERE project_id = p_project AND task_id = p_task;
  RETURN NEXT;
END $$;--> statement-breakpoint
-- The task as it is now, and as it has changed for its readers and for whoever edits it.
CREATE OR REPLACE FUNCTION "note_change"(p_project text, p_task text) RETURNS SETOF tasks
LANGUAGE sql AS $$
  UPDATE tasks
  SET version = version + 1, revision = revision + 1, updated_at = task_clock()
  WHERE project_id = p_project AND task_id = p_task
  RETURNING *
$$;--> statement-breakpoint
-- Deletes a task and returns it as it was; no row where there is none. Unless p_purge, it can be restored; with it, one
-- that is deleted already goes for good as well.
CREATE FUNCTION "delete_task"(p_project text, p_task text, p_purge boolean) RETURNS SETOF tasks
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
    INSERT INTO deleted_tasks AS deleted (project_id, task_id, seq, deleted_at, task, attempts, needs, dependents)
    SELECT
      p_project, p_task, gone.seq, task_clock(), to_jsonb(gone),
      (
        SELECT coalesce(jsonb_agg(to_jsonb(attempts) ORDER BY attempts.seq), '[]')
        FROM attempts
        WHERE attempts.project_id = p_project AND attempts.task_id = p_task
      ),
      (
        SELECT coalesce(jsonb_agg(to_jsonb(edge)), '[]')
        FROM task_needs AS edge
        WHERE edge.project_id = p_project AND edge.task_id = p_task AND edge.kind = 'task'
      ),
      (
        SELECT coalesce(jsonb_agg(edge.task_id), '[]')
        FROM task_needs AS edge
        WHERE edge.project_id = p_project AND edge.parent = p_task AND edge.kind = 'task'
      )
    ON CONFLICT (project_id, task_id) DO UPDATE
    SET seq = excluded.seq, deleted_at = excluded.deleted_at, task = excluded.task, attempts = excluded.attempts,
        needs = excluded.needs, dependents = excluded.dependents;
    DELETE FROM tasks WHERE project_id = p_project AND task_id = p_task;
  END IF;
  IF is_there THEN
    RETURN NEXT gone;
  END IF;
END $$;--> statement-breakpoint
-- Inserts a row with the columns that p_known names: what a later version adds has its default.
CREATE FUNCTION "insert_task"(task tasks, p_known jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  names text[];
BEGIN
  SELECT array_agg(quote_ident(attname))
  INTO names
  FROM pg_attribute
  WHERE attrelid = 'tasks'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND p_known ? attname;
  EXECUTE format(
    'INSERT INTO tasks (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM (SELECT ($1).*) AS given',
    array_to_string(names, ', '), array_to_string(names, ', ')
  ) USING task;
END $$;--> statement-breakpoint
-- The needs of a deleted task without those groups that a task has met which is gone by now.
CREATE FUNCTION "restorable_needs"(p_project text, p_needs jsonb) RETURNS SETOF task_needs
LANGUAGE sql STABLE AS $$
  SELECT edge.*
  FROM jsonb_populate_recordset(NULL::task_needs, p_needs) AS edge
  WHERE NOT EXISTS (
    SELECT FROM jsonb_populate_recordset(NULL::task_needs, p_needs) AS met
    WHERE met.need_group = edge.need_group
      AND met.state = 'met'
      AND NOT EXISTS (SELECT FROM tasks WHERE tasks.project_id = p_project AND tasks.task_id = met.need)
      AND archived_status(p_project, met.need) IS NULL
  )
$$;--> statement-breakpoint
-- Brings a deleted task back, and returns it; no row where there is none. Its claim is over, as if it had been released.
-- What waited for it waits again; needs for tasks that are gone by now are refused, but for those that are met.
CREATE FUNCTION "restore_task"(p_project text, p_task text) RETURNS SETOF tasks
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  deleted deleted_tasks;
  task tasks;
  counts boolean;
  children text[];
BEGIN
  IF NOT EXISTS (SELECT FROM deleted_tasks WHERE project_id = p_project AND task_id = p_task) THEN
    RETURN;
  END IF;
  PERFORM take_turn(ARRAY[p_project]);
  DELETE FROM deleted_tasks WHERE project_id = p_project AND task_id = p_task RETURNING * INTO deleted;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT readiness = 'inputs' INTO counts FROM projects WHERE project_id = p_project;
  task := jsonb_populate_record(NULL::tasks, deleted.task);
  -- The deletion was the change before.
  task.version := task.version + 2;
  task.updated_at := task_clock();
  task.priority := coalesce(task.own_priority, task.priority);
  task.own_priority := NULL;
  IF task.claimed_by IS NOT NULL THEN
    task.status := 'pending';
    task.pending_at := task.updated_at;
    task.started_at := NULL;
    task.attempt := greatest(task.attempt - 1, 0);
    task.claimed_by := NULL;
    task.claim_token := NULL;
    task.claim_slot := NULL;
    task.lease_seconds := NULL;
    task.lease_expires_at := NULL;
    task.lease_check_at := NULL;
    task.progress := NULL;
    task.usage := NULL;
    task.stale := false;
  END IF;
  -- Counts as waiting until it is settled, which the trigger does.
  SELECT count(DISTINCT need_group) + CASE WHEN counts THEN (SELECT count(*) FROM names_in(task.inputs)) ELSE 0 END
  INTO task.unmet_needs
  FROM restorable_needs(p_project, deleted.needs);
  task.stuck_needs := 0;
  task.ready_at := due_at(task, task.unmet_needs);
  PERFORM insert_task(task, deleted.task);
  INSERT INTO attempts (
    project_id, task_id, agent_id, attempt, began_at, ended_at, outcome, error, progress, usage
  )
  SELECT project_id, task_id, agent_id, attempt, began_at, ended_at, outcome, error, progress, usage
  FROM jsonb_populate_recordset(NULL::attempts, deleted.attempts)
  ORDER BY seq;
  INSERT INTO task_needs (project_id, task_id, kind, need, condition, need_group, on_failure, parent)
  SELECT project_id, task_id, kind, need, condition, need_group, on_failure, need
  FROM restorable_needs(p_project, deleted.needs)
  UNION ALL
  SELECT p_project, p_task, 'artifact', name, 'completed', 'artifact:' || name, 'block', NULL
  FROM names_in(task.inputs) AS name
  WHERE counts;
  INSERT INTO artifact_producers (project_id, name, task_id, is_live)
  SELECT p_project, name, p_task, false FROM names_in(task.expected_outputs) AS name WHERE counts;
  SELECT array_agg(edge.task_id)
  INTO children
  FROM jsonb_array_elements_text(deleted.dependents) AS dependent
  JOIN task_needs AS edge
    ON edge.project_id = p_project AND edge.task_id = dependent AND edge.kind = 'task' AND edge.need = p_task
  WHERE edge.parent IS NULL;
  IF children IS NOT NULL THEN
    PERFORM lock_tasks(p_project, children);
    UPDATE task_needs SET parent = p_task
    WHERE project_id = p_project AND task_id = ANY (children) AND kind = 'task' AND need = p_task;
    UPDATE tasks SET in_graph = true WHERE project_id = p_project AND task_id = p_task;
    PERFORM refuse_cycle(p_project, children, array_fill(p_task, ARRAY[cardinality(children)]));
    PERFORM settle_needs(p_project, children, jsonb_build_object('task_id', p_task, 'status', task.status));
    PERFORM inherit_priority(p_project, ARRAY[p_task]);
  END IF;
  RETURN QUERY SELECT * FROM tasks WHERE project_id = p_project AND task_id = p_task;
END $$;--> statement-breakpoint
-- Keeps task_labels in step.
CREATE FUNCTION "label_task"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM task_labels
    WHERE project_id = OLD.project_id AND seq = OLD.seq AND label IN (SELECT names_in(OLD.labels));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO task_labels (project_id, label, seq)
    SELECT NEW.project_id, label, NEW.seq FROM names_in(NEW.labels) AS label;
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "tasks_label_added" AFTER INSERT ON "tasks"
FOR EACH ROW WHEN (NEW.labels <> '[]') EXECUTE FUNCTION "label_task"();--> statement-breakpoint
CREATE TRIGGER "tasks_label_changed" AFTER UPDATE OF "labels" ON "tasks"
FOR EACH ROW WHEN (NEW.labels <> OLD.labels) EXECUTE FUNCTION "label_task"();--> statement-breakpoint
CREATE TRIGGER "tasks_label_deleted" AFTER DELETE ON "tasks"
FOR EACH ROW WHEN (OLD.labels <> '[]') EXECUTE FUNCTION "label_task"();--> statement-breakpoint
-- DELETE, not TRUNCATE, as for the log.
CREATE FUNCTION "forget_edits"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_labels;
  DELETE FROM task_notes;
  DELETE FROM deleted_tasks;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "tasks_forget_edits" AFTER TRUNCATE ON "tasks"
FOR EACH STATEMENT EXECUTE FUNCTION "forget_edits"();--> statement-breakpoint
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
    EXECUTE 'grant select, insert, update, delete on deleted_tasks, task_notes, task_labels to ' || role;
  END LOOP;
END $$;
