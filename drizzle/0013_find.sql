-- Writers wait from here on, so no task escapes what is filled below. Readers go on.
LOCK TABLE "tasks", "task_notes" IN SHARE ROW EXCLUSIVE MODE;--> statement-breakpoint
CREATE TABLE "task_search" (
	"project_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"task_id" text NOT NULL,
	"generator_name" text,
	"priority" smallint NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"document" "tsvector" NOT NULL,
	CONSTRAINT "task_search_pkey" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
-- The words of texts, the first of more weight. Their project is a word of its own, which begins with a space as no
-- other does: an index of words knows nothing else, and common words of other projects would be read as well.
CREATE FUNCTION "search_document"(p_project text, p_text text, p_more text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(ARRAY[' ' || p_project])
    || setweight(to_tsvector('pg_catalog.simple', p_text), 'A')
    || to_tsvector('pg_catalog.simple', coalesce(p_more, ''))
$$;--> statement-breakpoint
-- All words of a text, whatever it is; the last one, as what somebody is still typing, also as the beginning of a word.
-- Below three characters it is no beginning, for too many words would have it.
CREATE FUNCTION "search_words"(p_text text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  last text := substring(p_text FROM '\S+$');
  words tsquery := plainto_tsquery('pg_catalog.simple', p_text);
BEGIN
  IF char_length(last) < 3 THEN
    RETURN words;
  END IF;
  RETURN plainto_tsquery('pg_catalog.simple', left(p_text, -char_length(last)))
    && regexp_replace(
      plainto_tsquery('pg_catalog.simple', last)::text, '''(?= |$)', ''':*', 'g'
    )::tsquery;
EXCEPTION WHEN syntax_error THEN
  -- A quote within a word.
  RETURN words;
END $$;--> statement-breakpoint
-- The words within one project.
CREATE FUNCTION "search_query"(p_project text, p_text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE AS $$
  SELECT (''' ' || p_project || '''')::tsquery && words
  FROM search_words(p_text) AS words
  -- Without a word, nothing is found.
  WHERE numnode(words) > 0
$$;--> statement-breakpoint
INSERT INTO "task_search" ("project_id", "seq", "task_id", "generator_name", "priority", "created_at", "document")
SELECT
  project_id, seq, task_id, generator_name, coalesce(own_priority, priority), created_at,
  search_document(project_id, description, context_notes)
FROM tasks
ORDER BY seq;--> statement-breakpoint
ALTER TABLE "task_notes" ADD COLUMN "document" "tsvector" GENERATED ALWAYS AS (search_document(project_id, text, null)) STORED;--> statement-breakpoint
CREATE INDEX "task_search_by_priority" ON "task_search" USING btree ("project_id","priority","seq");--> statement-breakpoint
CREATE INDEX "task_search_by_creation" ON "task_search" USING btree ("project_id","created_at","seq");--> statement-breakpoint
CREATE INDEX "task_search_by_generator" ON "task_search" USING btree ("project_id","generator_name","seq") WHERE "task_search"."generator_name" is not null;--> statement-breakpoint
CREATE INDEX "task_search_by_id" ON "task_search" USING btree ("project_id","task_id" collate "C");--> statement-breakpoint
CREATE INDEX "task_search_by_words" ON "task_search" USING gin ("document");--> statement-breakpoint
CREATE INDEX "task_notes_by_words" ON "task_notes" USING gin ("document");--> statement-breakpoint
-- Triggers keep task_search in step, so that nobody who writes tasks can forget it. Whoever writes a row of it holds the
-- row of its task.
CREATE FUNCTION "search_added_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO task_search (project_id, seq, task_id, generator_name, priority, created_at, document)
  SELECT
    project_id, seq, task_id, generator_name, coalesce(own_priority, priority), created_at,
    search_document(project_id, description, context_notes)
  FROM added
  ORDER BY seq;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "search_edited_task"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE task_search
  SET generator_name = NEW.generator_name,
      priority = coalesce(NEW.own_priority, NEW.priority),
      document = search_document(NEW.project_id, NEW.description, NEW.context_notes)
  WHERE project_id = NEW.project_id AND seq = NEW.seq;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "search_no_removed_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_search
  USING removed
  WHERE task_search.project_id = removed.project_id AND task_search.seq = removed.seq;
  RETURN NULL;
END $$;--> statement-breakpoint
-- DELETE, not TRUNCATE, as for the log.
CREATE FUNCTION "forget_search"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_search;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "tasks_search_added" AFTER INSERT ON "tasks" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "search_added_tasks"();--> statement-breakpoint
CREATE TRIGGER "tasks_search_edited" AFTER UPDATE OF "description", "context_notes", "generator_name", "priority", "own_priority" ON "tasks"
FOR EACH ROW WHEN (
  (NEW.description, NEW.context_notes, NEW.generator_name, coalesce(NEW.own_priority, NEW.priority))
    IS DISTINCT FROM (OLD.description, OLD.context_notes, OLD.generator_name, coalesce(OLD.own_priority, OLD.priority))
) EXECUTE FUNCTION "search_edited_task"();--> statement-breakpoint
CREATE TRIGGER "tasks_search_removed" AFTER DELETE ON "tasks" REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION "search_no_removed_tasks"();--> statement-breakpoint
CREATE TRIGGER "tasks_search_none" AFTER TRUNCATE ON "tasks"
FOR EACH STATEMENT EXECUTE FUNCTION "forget_search"();--> statement-breakpoint
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
    EXECUTE 'grant select, insert, update, delete on task_search to ' || role;
  END LOOP;
END $$;
