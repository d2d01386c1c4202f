-- Writers wait from here on, so no change falls between the old count and the log. Readers go on.
LOCK TABLE "tasks" IN SHARE ROW EXCLUSIVE MODE;--> statement-breakpoint
CREATE TABLE "log_state" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" uuid DEFAULT gen_random_uuid() NOT NULL,
	"counted_before" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "log_state_is_one_row" CHECK ("log_state"."id")
);--> statement-breakpoint
CREATE TABLE "task_events" (
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "task_events_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" text NOT NULL,
	"task_id" text NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"type" text NOT NULL,
	"from_status" text,
	"to_status" text,
	"caller" text NOT NULL,
	"agent_id" text,
	"attempt" smallint,
	"waited_ms" bigint,
	"data" jsonb,
	"request" uuid,
	CONSTRAINT "task_events_pkey" PRIMARY KEY("project_id","xid","seq"),
	CONSTRAINT "task_events_type_known" CHECK ("task_events"."type" in ('added', 'moved', 'reset', 'claimed', 'released', 'retried', 'expired', 'progressed', 'deleted', 'archived', 'sealed'))
);--> statement-breakpoint
CREATE TABLE "attempts" (
	"project_id" text NOT NULL,
	"task_id" text NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "attempts_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"agent_id" text NOT NULL,
	"attempt" smallint NOT NULL,
	"began_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"error" text,
	"progress" jsonb,
	"usage" jsonb,
	CONSTRAINT "attempts_pkey" PRIMARY KEY("project_id","task_id","seq"),
	CONSTRAINT "attempts_outcome_known" CHECK ("attempts"."outcome" in ('completed', 'failed', 'cancelled', 'released', 'expired', 'reset'))
);--> statement-breakpoint
CREATE TABLE "archived_tasks" (
	"project_id" text NOT NULL,
	"task_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"archived_at" timestamp(3) with time zone NOT NULL,
	"task" jsonb NOT NULL,
	"attempts" jsonb NOT NULL,
	CONSTRAINT "archived_tasks_pkey" PRIMARY KEY("project_id","seq")
);--> statement-breakpoint
CREATE TABLE "log_floors" (
	"project_id" text PRIMARY KEY NOT NULL,
	"xid" "xid8" NOT NULL,
	"seq" bigint NOT NULL
);--> statement-breakpoint
CREATE INDEX "archived_tasks_by_id" ON "archived_tasks" USING btree ("project_id","task_id");--> statement-breakpoint
CREATE INDEX "task_events_by_task" ON "task_events" USING btree ("project_id","task_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "task_events_by_request" ON "task_events" USING btree ("request") WHERE "task_events"."request" is not null;--> statement-breakpoint
-- A transaction that is open now may still write, and then its id is at least this one.
INSERT INTO "log_state" ("counted_before") VALUES (pg_snapshot_xmin(pg_current_snapshot()));--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "last_claim_token" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "moved_by_holder" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "expiries" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "max_expiries" smallint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "max_run_seconds" integer;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "progress" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "usage" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "checkpoint" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "result" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "artifacts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "ready_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lease_check_at" timestamp(3) with time zone;--> statement-breakpoint
-- A claim of the version before has a token that its holder does not know: it ends with its lease.
UPDATE "tasks"
SET "lease_check_at" = "lease_expires_at",
    "last_claim_token" = "claim_token" || '.' || translate(left(encode(uuid_send(gen_random_uuid()), 'base64'), 16), '+/', '-_')
WHERE "claimed_by" IS NOT NULL;--> statement-breakpoint
UPDATE "tasks" SET "ready_at" = "claimable_at"
WHERE "status" = 'pending' AND "claimable_at" > clock_timestamp();--> statement-breakpoint
CREATE INDEX "tasks_ready" ON "tasks" USING btree ("project_id","priority","seq") WHERE "tasks"."status" = 'pending' and "tasks"."ready_at" is null;--> statement-breakpoint
CREATE INDEX "tasks_ready_by_generator" ON "tasks" USING btree ("project_id","generator_name","priority","seq") WHERE "tasks"."status" = 'pending' and "tasks"."ready_at" is null and "tasks"."generator_name" is not null;--> statement-breakpoint
CREATE INDEX "tasks_put_off" ON "tasks" USING btree ("project_id","ready_at") WHERE "tasks"."status" = 'pending' and "tasks"."ready_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_put_off_by_generator" ON "tasks" USING btree ("project_id","generator_name","ready_at") WHERE "tasks"."status" = 'pending' and "tasks"."ready_at" is not null and "tasks"."generator_name" is not null;--> statement-breakpoint
CREATE INDEX "tasks_leased" ON "tasks" USING btree ("project_id","lease_check_at") WHERE "tasks"."lease_check_at" is not null;--> statement-breakpoint
DROP INDEX "tasks_claimable";--> statement-breakpoint
DROP INDEX "tasks_claimable_by_generator";--> statement-breakpoint
DROP INDEX "tasks_awaited";--> statement-breakpoint
DROP INDEX "tasks_awaited_by_generator";--> statement-breakpoint
DROP INDEX "tasks_last_attempts";--> statement-breakpoint
DROP TRIGGER "tasks_count_added" ON "tasks";--> statement-breakpoint
DROP FUNCTION "count_added_tasks"();--> statement-breakpoint
DROP TRIGGER "tasks_count_moved" ON "tasks";--> statement-breakpoint
DROP FUNCTION "count_moved_tasks"();--> statement-breakpoint
DROP TRIGGER "tasks_count_removed" ON "tasks";--> statement-breakpoint
DROP FUNCTION "count_removed_tasks"();--> statement-breakpoint
DROP TRIGGER "tasks_count_none" ON "tasks";--> statement-breakpoint
DROP FUNCTION "forget_counted_tasks"();--> statement-breakpoint
-- The service writes its events itself. These triggers are for all others who write tasks: the version before, which
-- knows neither the log nor the new columns, and whoever uses SQL. WHEN keeps them away from the service's own changes:
-- it counts the version up where it changes anything else. SECURITY DEFINER, so that nobody needs a right to the log.
CREATE FUNCTION "log_task_event"(task tasks, was text, becomes text, kind text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO task_events (
    project_id, task_id, version, at, type, from_status, to_status, caller, agent_id, attempt, waited_ms
  )
  VALUES (
    task.project_id, task.task_id, task.version, task_clock(), kind, was, becomes,
    coalesce(nullif(current_setting('task_tracker.caller', true), ''), 'sql:' || session_user),
    task.claimed_by, task.attempt,
    CASE WHEN was <> becomes THEN
      extract(epoch FROM
        CASE becomes WHEN 'in_progress' THEN task.started_at WHEN 'completed' THEN task.completed_at END - task.pending_at
      ) * 1000
    END
  )
$$;--> statement-breakpoint
CREATE FUNCTION "complete_task_row"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  due timestamptz := greatest(NEW.not_before, NEW.retry_at);
BEGIN
  NEW.ready_at := CASE WHEN NEW.status = 'pending' AND due > task_clock() THEN due END;
  NEW.lease_check_at := NEW.lease_expires_at;
  IF NEW.claim_token IS NOT NULL AND (
    NEW.last_claim_token IS NULL
    OR TG_OP = 'UPDATE' AND NEW.claim_token IS DISTINCT FROM OLD.claim_token
      AND NEW.last_claim_token IS NOT DISTINCT FROM OLD.last_claim_token
  ) THEN
    NEW.last_claim_token :=
      NEW.claim_token || '.' || translate(left(encode(uuid_send(gen_random_uuid()), 'base64'), 16), '+/', '-_');
  END IF;
  IF TG_OP = 'UPDATE' THEN
    NEW.version := OLD.version + 1;
    IF (NEW.task_id, NEW.project_id) <> (OLD.task_id, OLD.project_id) THEN
      PERFORM log_task_event(OLD, OLD.status, NULL, 'deleted');
      PERFORM log_task_event(NEW, NULL, NEW.status, 'added');
    ELSIF NEW.claim_token IS DISTINCT FROM OLD.claim_token AND NEW.claim_token IS NOT NULL THEN
      PERFORM log_task_event(NEW, OLD.status, NEW.status, 'claimed');
    ELSIF NEW.status <> OLD.status THEN
      PERFORM log_task_event(NEW, OLD.status, NEW.status, 'moved');
    END IF;
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
-- After the row is there: an insert that meets a conflict leaves no event.
CREATE FUNCTION "log_added_task"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM log_task_event(NEW, NULL, NEW.status, 'added');
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "log_deleted_task"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  OLD.version := OLD.version + 1;
  PERFORM log_task_event(
    OLD, OLD.status, NULL, coalesce(nullif(current_setting('task_tracker.removal', true), ''), 'deleted')
  );
  -- The id may come again.
  DELETE FROM attempts WHERE project_id = OLD.project_id AND task_id = OLD.task_id;
  RETURN NULL;
END $$;--> statement-breakpoint
-- DELETE, not TRUNCATE: nobody who only reads has to wait, and no lock is taken that could close a circle.
CREATE FUNCTION "forget_log"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_events;
  DELETE FROM attempts;
  DELETE FROM task_counters;
  DELETE FROM log_floors;
  UPDATE log_state SET epoch = gen_random_uuid(), counted_before = pg_snapshot_xmin(pg_current_snapshot());
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "tasks_complete_added" BEFORE INSERT ON "tasks"
FOR EACH ROW WHEN (NEW.version = 0) EXECUTE FUNCTION "complete_task_row"();--> statement-breakpoint
CREATE TRIGGER "tasks_log_added" AFTER INSERT ON "tasks"
FOR EACH ROW WHEN (NEW.version = 0) EXECUTE FUNCTION "log_added_task"();--> statement-breakpoint
CREATE TRIGGER "tasks_complete_changed" BEFORE UPDATE ON "tasks"
FOR EACH ROW WHEN (
  NEW.version = OLD.version
  AND (NEW.task_id, NEW.project_id, NEW.status, NEW.claim_token, NEW.not_before, NEW.retry_at)
    IS DISTINCT FROM (OLD.task_id, OLD.project_id, OLD.status, OLD.claim_token, OLD.not_before, OLD.retry_at)
) EXECUTE FUNCTION "complete_task_row"();--> statement-breakpoint
CREATE TRIGGER "tasks_log_deleted" AFTER DELETE ON "tasks"
FOR EACH ROW EXECUTE FUNCTION "log_deleted_task"();--> statement-breakpoint
CREATE TRIGGER "tasks_forget_log" AFTER TRUNCATE ON "tasks"
FOR EACH STATEMENT EXECUTE FUNCTION "forget_log"();--> statement-breakpoint
-- A heartbeat changes no indexed column; with room on the page, no index has to know of it (heap-only tuples;
-- PostgreSQL manual, 66.7).
ALTER TABLE "tasks" SET (fillfactor = 85);--> statement-breakpoint
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
    EXECUTE 'grant select, insert, update, delete on task_events, attempts, archived_tasks, task_counters, log_state, log_floors to ' || role;
    EXECUTE 'grant usage on all sequences in schema public to ' || role;
  END LOOP;
END $$;
