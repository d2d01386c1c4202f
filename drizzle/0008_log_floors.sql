CREATE TABLE "log_floors" (
	"project_id" text PRIMARY KEY NOT NULL,
	"xid" "xid8" NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
-- A truncation leaves a log of another epoch, from whose start everything is kept.
CREATE OR REPLACE FUNCTION "forget_log"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_events;
  DELETE FROM task_counters;
  DELETE FROM log_floors;
  UPDATE log_state SET epoch = gen_random_uuid(), counted_before = pg_snapshot_xmin(pg_current_snapshot());
  RETURN NULL;
END $$;--> statement-breakpoint
-- Whoever may write the log is a role of the service.
DO $$
DECLARE
  role text;
BEGIN
  FOR role IN
    SELECT DISTINCT grantee::regrole::text
    FROM pg_class, aclexplode(relacl)
    WHERE oid = 'task_events'::regclass AND privilege_type = 'INSERT' AND grantee <> relowner AND grantee <> 0
  LOOP
    EXECUTE 'grant select, insert, update, delete on log_floors to ' || role;
  END LOOP;
END $$;
