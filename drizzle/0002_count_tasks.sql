-- The tasks that are there already, as far as their last change tells. A completed one needs neither time.
UPDATE "tasks"
SET "pending_at" = CASE
      WHEN "status" = 'pending' THEN "updated_at"
      WHEN "updated_at" > "created_at" THEN "created_at"
    END,
    "started_at" = CASE WHEN "status" = 'in_progress' THEN "updated_at" END
WHERE "status" <> 'completed';--> statement-breakpoint

-- The most written rows of all. With half of each page free, a row's next version stays on its page, and no index
-- has to know of it (heap-only tuples; PostgreSQL manual, 66.7).
ALTER TABLE "task_counters" SET (fillfactor = 50);--> statement-breakpoint

-- The counters follow the tasks by triggers, so that nobody who writes tasks can forget them; SECURITY DEFINER, so
-- that nobody needs a right to write counters. Four rules hold in every function below:
-- * Once a statement, not once a row: a batch of 500 costs one row for each of its projects and statuses.
-- * The shard comes from the backend, which has one transaction at a time: two writers of a project only meet in a
--   row where their backends share a shard, and then only until the other's commit.
-- * Tasks first, counters last and in the order of their key: whoever holds a counter waits for no task, and for no
--   counter before it, so statements cannot deadlock.
-- * A statement that changed nothing, such as a move that lost its race, costs a glance: triggers for statements
--   fire for those, too, and a new connection would plan the whole count for it.
CREATE FUNCTION "count_added_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
  INSERT INTO task_counters AS counter (project_id, status, shard, tasks)
  SELECT project_id, status, pg_backend_pid() % 16, count(*)
  FROM added
  GROUP BY project_id, status
  ORDER BY project_id, status
  ON CONFLICT (project_id, status, shard) DO UPDATE SET tasks = counter.tasks + excluded.tasks;
  RETURN NULL;
END $$;--> statement-breakpoint

CREATE FUNCTION "count_removed_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM removed) THEN RETURN NULL; END IF;
  INSERT INTO task_counters AS counter (project_id, status, shard, tasks)
  SELECT project_id, status, pg_backend_pid() % 16, -count(*)
  FROM removed
  GROUP BY project_id, status
  ORDER BY project_id, status
  ON CONFLICT (project_id, status, shard) DO UPDATE SET tasks = counter.tasks + excluded.tasks;
  RETURN NULL;
END $$;--> statement-breakpoint

-- A wait is counted once for every bound that it is within, as Prometheus counts. The bounds, in milliseconds, are
-- those of src/domain/metrics.ts; the last counts every wait. Waits only ever add up, whatever becomes of the task.
CREATE FUNCTION "count_moved_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
  INSERT INTO task_counters AS counter (project_id, status, shard, tasks, waits, wait_ms)
  SELECT
    project_id, status, pg_backend_pid() % 16, sum(change),
    ARRAY[
      count(*) FILTER (WHERE wait <= 1000),
      count(*) FILTER (WHERE wait <= 5000),
      count(*) FILTER (WHERE wait <= 15000),
      count(*) FILTER (WHERE wait <= 60000),
      count(*) FILTER (WHERE wait <= 300000),
      count(*) FILTER (WHERE wait <= 900000),
      count(*) FILTER (WHERE wait <= 3600000),
      count(*) FILTER (WHERE wait <= 14400000),
      count(*) FILTER (WHERE wait <= 86400000),
      count(*) FILTER (WHERE wait <= 604800000),
      count(wait)
    ],
    -- A clock that was set back makes no negative wait.
    coalesce(sum(wait) FILTER (WHERE wait > 0), 0)
  FROM (
    SELECT project_id, status, -1 AS change, NULL::bigint AS wait
    FROM before
    UNION ALL
    SELECT
      project_id, after.status, 1,
      CASE WHEN after.status <> before.status THEN
        extract(epoch FROM
          CASE after.status WHEN 'in_progress' THEN started_at WHEN 'completed' THEN completed_at END - pending_at
        ) * 1000
      END
    FROM (SELECT task_id, project_id, status, pending_at, started_at, completed_at FROM after) AS after
    LEFT JOIN (SELECT task_id, project_id, status FROM before) AS before USING (task_id, project_id)
  ) AS changes
  GROUP BY project_id, status
  HAVING sum(change) <> 0 OR count(wait) > 0
  ORDER BY project_id, status
  ON CONFLICT (project_id, status, shard) DO UPDATE SET
    tasks = counter.tasks + excluded.tasks,
    waits = ARRAY(
      SELECT counted + more
      FROM unnest(counter.waits, excluded.waits) WITH ORDINALITY AS bound (counted, more, place)
      ORDER BY place
    ),
    wait_ms = counter.wait_ms + excluded.wait_ms;
  RETURN NULL;
END $$;--> statement-breakpoint

-- DELETE, not TRUNCATE: nobody who only reads counters has to wait, and no lock is taken that could close a circle.
CREATE FUNCTION "forget_counted_tasks"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_counters;
  RETURN NULL;
END $$;--> statement-breakpoint

CREATE TRIGGER "tasks_count_added" AFTER INSERT ON "tasks" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "count_added_tasks"();--> statement-breakpoint
CREATE TRIGGER "tasks_count_moved" AFTER UPDATE ON "tasks" REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION "count_moved_tasks"();--> statement-breakpoint
CREATE TRIGGER "tasks_count_removed" AFTER DELETE ON "tasks" REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION "count_removed_tasks"();--> statement-breakpoint
CREATE TRIGGER "tasks_count_none" AFTER TRUNCATE ON "tasks"
FOR EACH STATEMENT EXECUTE FUNCTION "forget_counted_tasks"();--> statement-breakpoint

-- Creating the triggers has locked out writers until the commit, so nothing slips in between.
INSERT INTO "task_counters" ("project_id", "status", "shard", "tasks")
SELECT "project_id", "status", 0, count(*)
FROM "tasks"
GROUP BY "project_id", "status";
