CREATE TABLE "id_counters" (
	"project_id" text NOT NULL,
	"prefix" text NOT NULL,
	"last_number" bigint NOT NULL,
	CONSTRAINT "id_counters_pkey" PRIMARY KEY("project_id","prefix")
);
--> statement-breakpoint
CREATE TABLE "id_floors" (
	"project_id" text NOT NULL,
	"prefix" text NOT NULL,
	"number" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "id_reservations" (
	"reservation_id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL,
	"project_id" text NOT NULL,
	"artifact_type" text NOT NULL,
	"first_number" bigint NOT NULL,
	"count" smallint NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"confirmed_at" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_task_id_format";--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "task_id_prefix" text DEFAULT 'TASK' NOT NULL;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "artifact_types" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "id_floors_in_order" ON "id_floors" USING btree ("project_id","prefix","number");--> statement-breakpoint
CREATE INDEX "id_reservations_by_expiry" ON "id_reservations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "id_reservations_unconfirmed" ON "id_reservations" USING btree ("expires_at") WHERE "id_reservations"."confirmed_at" is null;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_task_id_format" CHECK ("tasks"."task_id" ~ '^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$' and char_length("tasks"."task_id") <= 64);--> statement-breakpoint
-- The id of a number: three digits at least.
CREATE FUNCTION "id_text"(p_prefix text, p_number bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT p_prefix || '-' || lpad(p_number::text, greatest(3, char_length(p_number::text)), '0')
$$;--> statement-breakpoint
-- The number of an id with that prefix; null for any other name.
CREATE FUNCTION "id_number"(p_name text, p_prefix text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN starts_with(p_name, p_prefix || '-') AND substr(p_name, char_length(p_prefix) + 2) ~ '^[0-9]{1,15}$'
    THEN substr(p_name, char_length(p_prefix) + 2)::bigint
  END
$$;--> statement-breakpoint
-- The first of p_count numbers in a row that no id of the project has: past p_floor, what was given out and what exists.
-- The counter stays locked until the transaction ends: numbers of one that comes to nothing are given out again.
CREATE FUNCTION "give_numbers"(p_project text, p_prefix text, p_count integer, p_floor bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  given bigint;
BEGIN
  LOOP
    UPDATE id_counters
    SET last_number = p_count + greatest(
      last_number,
      p_floor,
      (SELECT max(number) FROM id_floors WHERE project_id = p_project AND prefix = p_prefix)
    )
    WHERE project_id = p_project AND prefix = p_prefix
    RETURNING last_number INTO given;
    EXIT WHEN FOUND;
    INSERT INTO id_counters (project_id, prefix, last_number) VALUES (p_project, p_prefix, 0) ON CONFLICT DO NOTHING;
  END LOOP;
  -- No waiting for whoever notes numbers just now.
  DELETE FROM id_floors
  WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM id_floors
    WHERE project_id = p_project AND prefix = p_prefix AND number <= given
    ORDER BY number
    LIMIT 100
    FOR UPDATE SKIP LOCKED
  ));
  RETURN given - p_count + 1;
END $$;--> statement-breakpoint
-- Remembers the numbers of ids that the service did not give out. Only inserts, so nobody waits; each number takes two
-- lower ones of its prefix with it, so the table stays small where nothing is ever given out.
CREATE FUNCTION "note_numbers"(p_projects text[], p_names text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  WITH found AS MATERIALIZED (
    SELECT project_id, left(stem, -1) AS prefix, max(substr(name, char_length(stem) + 1)::bigint) AS number
    FROM unnest(p_projects, p_names) AS named (project_id, name)
    CROSS JOIN LATERAL rtrim(name, '0123456789') AS stem
    WHERE char_length(stem) BETWEEN 2 AND 41
      AND char_length(name) - char_length(stem) BETWEEN 1 AND 15
      AND stem ~ '^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-$'
    GROUP BY 1, 2
  ),
  noted AS (
    INSERT INTO id_floors (project_id, prefix, number)
    SELECT project_id, prefix, number
    FROM found
    WHERE NOT EXISTS (
        SELECT FROM id_counters AS counter
        WHERE counter.project_id = found.project_id
          AND counter.prefix = found.prefix
          AND counter.last_number >= found.number
      )
      AND NOT EXISTS (
        SELECT FROM id_floors AS floor
        WHERE floor.project_id = found.project_id
          AND floor.prefix = found.prefix
          AND floor.number >= found.number
      )
    RETURNING *
  )
  DELETE FROM id_floors
  WHERE ctid = ANY (ARRAY(
    SELECT lower.place
    FROM noted
    CROSS JOIN LATERAL (
      SELECT floor.ctid AS place
      FROM id_floors AS floor
      WHERE floor.project_id = noted.project_id
        AND floor.prefix = noted.prefix
        AND floor.number < noted.number
      ORDER BY floor.number
      LIMIT 2
      FOR UPDATE SKIP LOCKED
    ) AS lower
  ));
END $$;--> statement-breakpoint
CREATE FUNCTION "note_new_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_numbers(array_agg(project_id), array_agg(name))
  FROM (
    SELECT project_id, task_id AS name FROM fresh
    UNION ALL
    SELECT project_id, output FROM fresh CROSS JOIN LATERAL jsonb_array_elements_text(expected_outputs) AS output
    UNION ALL
    SELECT project_id, made ->> 'name' FROM fresh CROSS JOIN LATERAL jsonb_array_elements(artifacts) AS made
  ) AS named;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "note_changed_task"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_numbers(array_agg(NEW.project_id), array_agg(name))
  FROM (
    SELECT output AS name FROM jsonb_array_elements_text(NEW.expected_outputs) AS output
    UNION ALL
    SELECT made ->> 'name' FROM jsonb_array_elements(NEW.artifacts) AS made
  ) AS named;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "note_artifact"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM note_numbers(ARRAY[NEW.project_id], ARRAY[NEW.name]);
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "tasks_note_numbers" AFTER INSERT ON "tasks"
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "note_new_tasks"();--> statement-breakpoint
CREATE TRIGGER "tasks_note_changed_numbers" AFTER UPDATE OF "expected_outputs", "artifacts" ON "tasks"
FOR EACH ROW WHEN (
  NEW.artifacts <> OLD.artifacts AND NEW.artifacts <> '[]' OR NEW.expected_outputs <> OLD.expected_outputs
) EXECUTE FUNCTION "note_changed_task"();--> statement-breakpoint
CREATE TRIGGER "artifacts_note_number" AFTER INSERT ON "artifacts"
FOR EACH ROW EXECUTE FUNCTION "note_artifact"();--> statement-breakpoint
CREATE OR REPLACE FUNCTION "settings_of"(project projects) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
    'readiness', project.readiness,
    'completion', project.completion,
    'paused', CASE
      WHEN project.pause_reason IS NOT NULL THEN jsonb_build_object(
        'reason', project.pause_reason,
        'until', to_char(project.paused_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      )
    END,
    'task_id_prefix', project.task_id_prefix,
    'artifact_types', project.artifact_types
  )
$$;--> statement-breakpoint
-- Sets what ids a project gives out, after put_project has set the rest; null leaves a setting as it is.
CREATE FUNCTION "set_numbering"(p_project text, p_prefix text, p_types jsonb) RETURNS SETOF projects
LANGUAGE plpgsql AS $$
DECLARE
  project_was projects;
  project_is projects;
BEGIN
  SELECT * INTO project_was FROM projects WHERE project_id = p_project;
  project_is := project_was;
  IF num_nonnulls(p_prefix, p_types) > 0 THEN
    UPDATE projects
    SET task_id_prefix = coalesce(p_prefix, task_id_prefix),
        artifact_types = coalesce(p_types, artifact_types)
    WHERE project_id = p_project
    RETURNING * INTO project_is;
    INSERT INTO task_events (project_id, task_id, version, at, type, caller, data)
    SELECT
      p_project, '', 1, task_clock(), 'project_changed',
      coalesce(nullif(current_setting('task_tracker.caller', true), ''), 'sql:' || session_user),
      jsonb_build_object('before', settings_of(project_was), 'after', settings_of(project_is))
    WHERE settings_of(project_was) <> settings_of(project_is);
  END IF;
  RETURN QUERY SELECT (project_is).*;
END $$;--> statement-breakpoint
-- What exists already counts.
DO $$
DECLARE
  project text;
BEGIN
  FOR project IN
    SELECT project_id FROM projects
    UNION SELECT project_id FROM task_counters
    UNION SELECT project_id FROM artifacts
    UNION SELECT project_id FROM archived_tasks
  LOOP
    PERFORM note_numbers(array_agg(project), array_agg(name))
    FROM (
      SELECT task_id AS name FROM tasks WHERE project_id = project
      UNION ALL
      SELECT output
      FROM tasks CROSS JOIN LATERAL jsonb_array_elements_text(expected_outputs) AS output
      WHERE project_id = project
      UNION ALL
      SELECT made ->> 'name'
      FROM tasks CROSS JOIN LATERAL jsonb_array_elements(tasks.artifacts) AS made
      WHERE project_id = project
      UNION ALL
      SELECT artifacts.name FROM artifacts WHERE project_id = project
      UNION ALL
      SELECT task_id FROM archived_tasks WHERE project_id = project
      UNION ALL
      SELECT output
      FROM archived_tasks CROSS JOIN LATERAL jsonb_array_elements_text(task -> 'expected_outputs') AS output
      WHERE project_id = project
    ) AS named;
  END LOOP;
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
    EXECUTE 'grant select, insert, update, delete on id_counters, id_floors, id_reservations to ' || role;
  END LOOP;
END $$;
