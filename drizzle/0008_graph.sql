CREATE TABLE "artifact_producers" (
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"task_id" text NOT NULL,
	"is_live" boolean DEFAULT true NOT NULL,
	CONSTRAINT "artifact_producers_pkey" PRIMARY KEY("project_id","name","task_id")
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"provided_at" timestamp(3) with time zone NOT NULL,
	"uri" text,
	"sha256" text,
	"bytes" bigint,
	CONSTRAINT "artifacts_pkey" PRIMARY KEY("project_id","name")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"project_id" text PRIMARY KEY NOT NULL,
	"readiness" text DEFAULT 'declared' NOT NULL,
	"completion" text DEFAULT 'free' NOT NULL,
	"pause_reason" text,
	"paused_until" timestamp(3) with time zone,
	"turns" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "projects_readiness_known" CHECK ("projects"."readiness" in ('declared', 'inputs')),
	CONSTRAINT "projects_completion_known" CHECK ("projects"."completion" in ('free', 'checked'))
);
--> statement-breakpoint
CREATE TABLE "task_needs" (
	"project_id" text NOT NULL,
	"task_id" text NOT NULL,
	"kind" text NOT NULL,
	"need" text NOT NULL,
	"condition" text DEFAULT 'completed' NOT NULL,
	"need_group" text NOT NULL,
	"on_failure" text DEFAULT 'block' NOT NULL,
	"parent" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	CONSTRAINT "task_needs_pkey" PRIMARY KEY("project_id","task_id","kind","need"),
	CONSTRAINT "task_needs_kind_known" CHECK ("task_needs"."kind" in ('task', 'artifact')),
	CONSTRAINT "task_needs_condition_known" CHECK ("task_needs"."condition" in ('completed', 'ended', 'failed')),
	CONSTRAINT "task_needs_on_failure_known" CHECK ("task_needs"."on_failure" in ('block', 'cancel', 'ignore')),
	CONSTRAINT "task_needs_state_known" CHECK ("task_needs"."state" in ('waiting', 'met', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "task_events" DROP CONSTRAINT "task_events_type_known";--> statement-breakpoint
DROP INDEX "tasks_put_off";--> statement-breakpoint
DROP INDEX "tasks_put_off_by_generator";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "unmet_needs" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "stuck_needs" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "stale" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "in_graph" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "own_priority" smallint;--> statement-breakpoint
CREATE UNIQUE INDEX "artifact_live_producers" ON "artifact_producers" USING btree ("project_id","name") WHERE "artifact_producers"."is_live";--> statement-breakpoint
CREATE INDEX "artifact_producers_by_task" ON "artifact_producers" USING btree ("project_id","task_id");--> statement-breakpoint
CREATE INDEX "task_needs_by_parent" ON "task_needs" USING btree ("project_id","parent") WHERE "task_needs"."parent" is not null;--> statement-breakpoint
CREATE INDEX "task_needs_by_artifact" ON "task_needs" USING btree ("project_id","need") WHERE "task_needs"."kind" = 'artifact';--> statement-breakpoint
CREATE INDEX "tasks_blocked" ON "tasks" USING btree ("project_id","stuck_needs","seq") WHERE "tasks"."status" = 'pending' and "tasks"."unmet_needs" > 0;--> statement-breakpoint
CREATE INDEX "tasks_put_off" ON "tasks" USING btree ("project_id","ready_at") WHERE "tasks"."status" = 'pending' and "tasks"."ready_at" < 'infinity';--> statement-breakpoint
CREATE INDEX "tasks_put_off_by_generator" ON "tasks" USING btree ("project_id","generator_name","ready_at") WHERE "tasks"."status" = 'pending' and "tasks"."ready_at" < 'infinity' and "tasks"."generator_name" is not null;--> statement-breakpoint
ALTER TABLE "task_events" ADD CONSTRAINT "task_events_type_known" CHECK ("task_events"."type" in ('added', 'moved', 'reset', 'claimed', 'released', 'retried', 'expired', 'progressed', 'need_set', 'need_removed', 'deleted', 'archived', 'sealed')) NOT VALID;--> statement-breakpoint
-- Every project that has tasks now; later ones come with their first batch.
INSERT INTO "projects" ("project_id")
WITH RECURSIVE "known" AS (
  (SELECT "project_id" FROM "tasks" ORDER BY "project_id" LIMIT 1)
  UNION ALL
  SELECT (
    SELECT "project_id" FROM "tasks" WHERE "tasks"."project_id" > "known"."project_id" ORDER BY "project_id" LIMIT 1
  )
  FROM "known"
  WHERE "known"."project_id" IS NOT NULL
)
SELECT "project_id" FROM "known" WHERE "project_id" IS NOT NULL;--> statement-breakpoint
-- The functions below move the counters of a task relatively, and only after they have locked it. Each of their queries
-- sees what was committed before it began (VOLATILE functions, READ COMMITTED), as no step of one statement could.
--
-- Locks are taken in one order, so that writers seldom meet head-on: the project (whoever adds or removes an edge), what
-- is needed, what needs it; within each, the oldest task first.
CREATE FUNCTION "refuse_graph"(refusal text, facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Refused: %', refusal
    USING ERRCODE = 'XG001', DETAIL = jsonb_build_object('refusal', refusal, 'facts', facts)::text;
END $$;--> statement-breakpoint
-- What a need comes to, by the status of the task that decides; null where there is none.
CREATE FUNCTION "need_state"(condition text, on_failure text, status text, is_provided boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN is_provided THEN 'met'
    WHEN status IS NULL OR status IN ('pending', 'in_progress') THEN 'waiting'
    WHEN condition IN ('ended', status) OR on_failure = 'ignore' THEN 'met'
    ELSE 'failed'
  END
$$;--> statement-breakpoint
-- What tasks.ready_at is to hold, with that many groups of needs unmet.
CREATE FUNCTION "due_at"(task tasks, unmet integer) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN task.status <> 'pending' THEN NULL
    WHEN unmet > 0 THEN 'infinity'::timestamptz
    WHEN greatest(task.not_before, task.retry_at) > task_clock() THEN greatest(task.not_before, task.retry_at)
  END
$$;--> statement-breakpoint
CREATE FUNCTION "take_turn"(p_projects text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO projects (project_id)
  SELECT project_id FROM unnest(p_projects) AS project_id ORDER BY project_id
  ON CONFLICT DO NOTHING;
  PERFORM FROM projects WHERE project_id = ANY (p_projects) ORDER BY project_id FOR NO KEY UPDATE;
  -- Where the isolation is stricter than READ COMMITTED, a change and not a lock makes the next one start anew.
  UPDATE projects SET turns = turns + 1 WHERE project_id = ANY (p_projects);
END $$;--> statement-breakpoint
CREATE FUNCTION "lock_tasks"(p_project text, p_tasks text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  PERFORM FROM tasks
  WHERE project_id = p_project AND task_id = ANY (p_tasks)
  ORDER BY seq
  FOR NO KEY UPDATE;
END $$;--> statement-breakpoint
-- One task or ten thousand: a plan for lists of any length would suit neither, hence force_custom_plan.
--
-- Pending tasks that cannot get what they need and ask to be cancelled then: of these tasks, and of all that wait for
-- them alone. Those that wait for one of several are judged once these are cancelled. OFFSET 0, here and below, keeps each
-- step a look at an index: without statistics, the planner would read all edges of the project for each level.
CREATE FUNCTION "doomed_tasks"(p_project text, p_tasks text[], p_most integer) RETURNS text[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE doomed AS (
    SELECT task.task_id
    FROM tasks AS task
    WHERE task.project_id = p_project
      AND task.task_id = ANY (p_tasks)
      AND task.status = 'pending'
      AND task.stuck_needs > 0
      AND EXISTS (
        SELECT FROM task_needs AS edge
        WHERE edge.project_id = p_project
          AND edge.task_id = task.task_id
          AND edge.state = 'failed'
          AND edge.on_failure = 'cancel'
          AND NOT EXISTS (
            SELECT FROM task_needs AS other
            WHERE other.project_id = p_project
              AND other.task_id = task.task_id
              AND other.need_group = edge.need_group
              AND other.state <> 'failed'
          )
      )
    UNION
    SELECT task.task_id
    FROM doomed
    CROSS JOIN LATERAL (
      SELECT * FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.parent = doomed.task_id
      OFFSET 0
    ) AS edge
    CROSS JOIN LATERAL (
      SELECT task_id, status FROM tasks AS task
      WHERE task.project_id = p_project AND task.task_id = edge.task_id
      OFFSET 0
    ) AS task
    WHERE edge.state = 'waiting'
      AND edge.on_failure = 'cancel'
      AND edge.condition <> 'ended'
      AND task.status = 'pending'
      AND NOT EXISTS (
        SELECT FROM task_needs AS other
        WHERE other.project_id = p_project
          AND other.task_id = task.task_id
          AND other.need_group = edge.need_group
          AND (other.kind, other.need) <> (edge.kind, edge.need)
          AND other.state <> 'failed'
      )
  )
  SELECT array_agg(task_id) FROM (SELECT task_id FROM doomed LIMIT p_most) AS bounded
$$;--> statement-breakpoint
-- Cancels those, and tells which.
CREATE FUNCTION "cancel_stuck"(p_project text, p_tasks text[], p_most integer) RETURNS text[]
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
            AND edge.state <> 'met'
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
-- to a task that is gone keeps its state, but one that was waiting counts as cancelled.
CREATE FUNCTION "settle_needs"(p_project text, p_tasks text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  still_cancelled integer := 10000;
  cancelled_tasks text[];
BEGIN
  WHILE p_tasks IS NOT NULL LOOP
    PERFORM lock_tasks(p_project, p_tasks);
    WITH judged AS MATERIALIZED (
      SELECT
        edge.task_id, edge.kind, edge.need, edge.need_group, edge.state AS was,
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
        task_id,
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
    )
    UPDATE tasks
    SET unmet_needs = tasks.unmet_needs + moved.unmet,
        stuck_needs = tasks.stuck_needs + moved.stuck,
        stale = tasks.stale OR tasks.status = 'in_progress' AND moved.unmet > 0,
        ready_at = due_at(tasks, tasks.unmet_needs + moved.unmet)
    FROM moved
    WHERE tasks.project_id = p_project AND tasks.task_id = moved.task_id;
    cancelled_tasks := cancel_stuck(p_project, p_tasks, still_cancelled);
    still_cancelled := still_cancelled - coalesce(cardinality(cancelled_tasks), 0);
    SELECT array_agg(DISTINCT task_id)
    INTO p_tasks
    FROM task_needs
    WHERE project_id = p_project AND parent = ANY (cancelled_tasks);
  END LOOP;
END $$;--> statement-breakpoint
-- The priority of the most urgent task that waits for this one; null where none does.
CREATE FUNCTION "urgency_of_waiting"(p_project text, p_task text) RETURNS smallint
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
    AND waiting.status IN ('pending', 'in_progress')
$$;--> statement-breakpoint
-- Gives tasks the priority of the most urgent one that waits for them, and goes on to what these wait for.
CREATE FUNCTION "inherit_priority"(p_project text, p_tasks text[]) RETURNS void
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
      SELECT parent, state FROM task_needs AS edge
      WHERE edge.project_id = p_project AND edge.task_id = urgent.task_id
      OFFSET 0
    ) AS edge
    CROSS JOIN LATERAL (
      SELECT task_id, status, priority FROM tasks AS parent
      WHERE parent.project_id = p_project AND parent.task_id = edge.parent
      OFFSET 0
    ) AS parent
    WHERE edge.state = 'waiting'
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
-- Refuses edges by which a task would wait for itself, and tells the way round. The edges are there already.
CREATE FUNCTION "refuse_cycle"(p_project text, p_tasks text[], p_parents text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  closing record;
  via jsonb;
  step jsonb;
  way text[];
BEGIN
  WITH RECURSIVE edge AS MATERIALIZED (
    SELECT DISTINCT task_id, parent
    FROM unnest(p_tasks, p_parents) AS given (task_id, parent)
    WHERE parent IS NOT NULL
  ),
  waits (origin, task_id) AS (
    SELECT DISTINCT task_id, task_id FROM edge
    UNION
    SELECT waits.origin, next.task_id
    FROM waits
    CROSS JOIN LATERAL (
      SELECT task_id FROM task_needs AS next
      WHERE next.project_id = p_project AND next.parent = waits.task_id
      OFFSET 0
    ) AS next
  )
  SELECT edge.task_id, edge.parent
  INTO closing
  FROM edge
  JOIN waits ON waits.origin = edge.task_id AND waits.task_id = edge.parent
  ORDER BY edge.task_id
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- From the task on to what waits for it, level by level, until its parent is met: by whom each one was reached.
  via := jsonb_build_object(closing.task_id, NULL);
  step := via;
  WHILE NOT via ? closing.parent LOOP
    SELECT jsonb_object_agg(reached.task_id, reached.parent)
    INTO step
    FROM (
      SELECT DISTINCT ON (task_id) task_id, parent
      FROM task_needs
      WHERE project_id = p_project
        AND parent IN (SELECT jsonb_object_keys(step))
        AND NOT via ? task_id
      ORDER BY task_id, parent
    ) AS reached;
    via := via || step;
  END LOOP;
  way := ARRAY[closing.task_id, closing.parent];
  WHILE way[cardinality(way)] <> closing.task_id LOOP
    way := way || (via ->> way[cardinality(way)]);
  END LOOP;
  PERFORM refuse_graph('need_cycle', jsonb_build_object('path', way));
END $$;--> statement-breakpoint
CREATE FUNCTION "connect_needs"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  project text;
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
    INTO missing
    FROM fresh
    WHERE fresh.project_id = project
      AND fresh.kind = 'task'
      AND NOT EXISTS (SELECT FROM tasks WHERE tasks.project_id = project AND tasks.task_id = fresh.need);
    IF missing IS NOT NULL THEN
      PERFORM refuse_graph('need_not_found', jsonb_build_object('task_ids', missing));
    END IF;
    -- Where the isolation is stricter than READ COMMITTED, only a change makes whoever ends the task start anew.
    UPDATE tasks SET in_graph = true
    WHERE project_id = project
      AND task_id = ANY (parents)
      AND (NOT in_graph OR current_setting('transaction_isolation') <> 'read committed');
    PERFORM refuse_cycle(project, children, parents);
    PERFORM settle_needs(project, children);
    PERFORM inherit_priority(project, parents);
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "connect_producers"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  project text;
  rival jsonb;
  children text[];
  parents text[];
  needs text[];
BEGIN
  IF NOT EXISTS (SELECT FROM fresh) THEN
    RETURN NULL;
  END IF;
  PERFORM take_turn(array_agg(DISTINCT project_id)) FROM fresh;
  FOR project IN SELECT DISTINCT project_id FROM fresh ORDER BY project_id LOOP
    SELECT jsonb_build_object('name', fresh.name, 'producer', other.task_id, 'task_id', fresh.task_id)
    INTO rival
    FROM fresh
    JOIN tasks AS mine ON mine.project_id = project AND mine.task_id = fresh.task_id
    JOIN artifact_producers AS other
      ON other.project_id = project AND other.name = fresh.name AND other.task_id <> fresh.task_id
    JOIN tasks AS maker ON maker.project_id = project AND maker.task_id = other.task_id
    WHERE fresh.project_id = project
      AND mine.status NOT IN ('failed', 'cancelled')
      AND maker.status NOT IN ('failed', 'cancelled')
      AND (other.is_live OR maker.seq < mine.seq)
    ORDER BY mine.seq, fresh.name
    LIMIT 1;
    IF FOUND THEN
      PERFORM refuse_graph('artifact_has_producer', rival);
    END IF;
    UPDATE artifact_producers AS producer
    SET is_live = true
    FROM fresh
    JOIN tasks AS mine ON mine.project_id = fresh.project_id AND mine.task_id = fresh.task_id
    WHERE fresh.project_id = project
      AND mine.status NOT IN ('failed', 'cancelled')
      AND producer.project_id = project
      AND producer.name = fresh.name
      AND producer.task_id = fresh.task_id;
    UPDATE tasks SET in_graph = true
    WHERE project_id = project
      AND task_id IN (SELECT task_id FROM fresh WHERE fresh.project_id = project)
      AND NOT in_graph;
    SELECT array_agg(edge.task_id), array_agg(edge.need), array_agg(producer.task_id)
    INTO children, needs, parents
    FROM fresh
    JOIN artifact_producers AS producer USING (project_id, name, task_id)
    JOIN task_needs AS edge
      ON edge.project_id = project AND edge.kind = 'artifact' AND edge.need = fresh.name
    WHERE fresh.project_id = project AND producer.is_live;
    IF children IS NOT NULL THEN
      PERFORM lock_tasks(project, children);
      UPDATE task_needs AS edge
      SET parent = given.parent
      FROM unnest(children, needs, parents) AS given (task_id, need, parent)
      WHERE edge.project_id = project
        AND edge.task_id = given.task_id
        AND edge.kind = 'artifact'
        AND edge.need = given.need;
      PERFORM refuse_cycle(project, children, parents);
      PERFORM settle_needs(project, children);
      PERFORM inherit_priority(project, parents);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
-- After a task has ended, or is to be done again.
CREATE FUNCTION "settle_dependents"() RETURNS trigger
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
      PERFORM lock_tasks(NEW.project_id, children);
      UPDATE task_needs AS edge
      SET parent = NEW.task_id
      FROM artifact_producers AS mine
      WHERE mine.project_id = NEW.project_id
        AND mine.task_id = NEW.task_id
        AND edge.project_id = mine.project_id
        AND edge.kind = 'artifact'
        AND edge.need = mine.name;
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
-- After a task has ended without what it needs: nothing is urgent for its sake any more.
CREATE FUNCTION "release_priority"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM inherit_priority(NEW.project_id, array_agg(DISTINCT parent))
  FROM task_needs
  WHERE project_id = NEW.project_id
    AND task_id = NEW.task_id
    AND state = 'waiting'
    AND parent IS NOT NULL;
  RETURN NULL;
END $$;--> statement-breakpoint
-- After a task has been deleted or archived. What it has made is there all the same.
CREATE FUNCTION "leave_graph"() RETURNS trigger
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
  PERFORM settle_needs(OLD.project_id, children);
  UPDATE task_needs SET parent = NULL WHERE project_id = OLD.project_id AND parent = OLD.task_id;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Takes one edge of a locked task away, with what it counted for.
CREATE FUNCTION "drop_need"(p_project text, p_task text, p_need text) RETURNS boolean
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
  PERFORM inherit_priority(p_project, ARRAY[gone.parent]) WHERE gone.parent IS NOT NULL;
  RETURN true;
END $$;--> statement-breakpoint
-- The task as it is now, and as it has changed for its readers.
CREATE FUNCTION "note_change"(p_project text, p_task text) RETURNS SETOF tasks
LANGUAGE sql AS $$
  UPDATE tasks
  SET version = version + 1, updated_at = task_clock()
  WHERE project_id = p_project AND task_id = p_task
  RETURNING *
$$;--> statement-breakpoint
-- Sets what a task needs of another, and returns the task; no row where there is none.
CREATE FUNCTION "put_need"(
  p_project text, p_task text, p_need text, p_condition text, p_group text, p_on_failure text
) RETURNS SETOF tasks
LANGUAGE plpgsql AS $$
DECLARE
  is_new_group boolean;
  unblocks boolean;
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  PERFORM lock_tasks(p_project, ARRAY[p_need]);
  PERFORM lock_tasks(p_project, ARRAY[p_task]);
  IF NOT EXISTS (SELECT FROM tasks WHERE project_id = p_project AND task_id = p_task) THEN
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
  RETURN QUERY SELECT * FROM note_change(p_project, p_task);
END $$;--> statement-breakpoint
-- Takes a need away, and returns the task; no row where there is no such need.
CREATE FUNCTION "delete_need"(p_project text, p_task text, p_need text) RETURNS SETOF tasks
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  PERFORM lock_tasks(p_project, ARRAY[p_task]);
  IF drop_need(p_project, p_task, p_need) THEN
    RETURN QUERY SELECT * FROM note_change(p_project, p_task);
  END IF;
END $$;--> statement-breakpoint
CREATE FUNCTION "provide_artifact"(p_project text, p_name text, p_uri text, p_sha256 text, p_bytes bigint)
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
  PERFORM settle_needs(p_project, children);
  RETURN provided;
END $$;--> statement-breakpoint
-- Sets the settings of a project; null leaves one as it is. Whoever adds tasks waits meanwhile.
CREATE FUNCTION "put_project"(
  p_project text, p_readiness text, p_completion text, p_sets_pause boolean, p_reason text, p_until timestamptz
) RETURNS SETOF projects
LANGUAGE plpgsql AS $$
DECLARE
  readiness_was text;
BEGIN
  PERFORM take_turn(ARRAY[p_project]);
  SELECT readiness INTO readiness_was FROM projects WHERE project_id = p_project FOR UPDATE;
  UPDATE projects
  SET readiness = coalesce(p_readiness, readiness),
      completion = coalesce(p_completion, completion),
      pause_reason = CASE WHEN p_sets_pause THEN p_reason ELSE pause_reason END,
      paused_until = CASE WHEN p_sets_pause THEN p_until ELSE paused_until END
  WHERE project_id = p_project;
  RETURN QUERY SELECT * FROM projects WHERE project_id = p_project;
  IF coalesce(p_readiness, readiness_was) = readiness_was THEN
    RETURN;
  END IF;
  IF (SELECT count(*) > 10000 FROM (SELECT FROM tasks WHERE project_id = p_project LIMIT 10001) AS counted) THEN
    PERFORM refuse_graph('project_too_large', jsonb_build_object('project_id', p_project));
  END IF;
  PERFORM lock_tasks(p_project, (SELECT array_agg(task_id) FROM tasks WHERE project_id = p_project));
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
END $$;--> statement-breakpoint
-- Whoever asks plans these only where they are called: claims would otherwise plan them each time.
--
-- How many tasks of a project are in each state; each count goes by an index and ends at p_most. In the order of an index:
-- without one, the planner may collect every row for a bitmap before it counts the first.
CREATE FUNCTION "readiness_counts"(p_project text, p_now timestamptz, p_most integer) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'ready', least(
      p_most,
      (
        SELECT count(*)
        FROM (
          SELECT FROM tasks
          WHERE project_id = p_project AND status = 'pending' AND ready_at IS NULL
          ORDER BY priority, seq
          LIMIT p_most
        ) AS counted
      ) + (
        SELECT count(*)
        FROM (
          SELECT FROM tasks
          WHERE project_id = p_project
            AND status = 'pending'
            AND ready_at < 'infinity'
            AND ready_at > '-infinity'
            AND ready_at <= p_now
          ORDER BY ready_at
          LIMIT p_most
        ) AS counted
      )
    ),
    'delayed', (
      SELECT count(*)
      FROM (
        SELECT FROM tasks
        WHERE project_id = p_project AND status = 'pending' AND ready_at < 'infinity' AND ready_at > p_now
        ORDER BY ready_at
        LIMIT p_most
      ) AS counted
    ),
    'blocked', (
      SELECT count(*)
      FROM (
        SELECT FROM tasks
        WHERE project_id = p_project AND status = 'pending' AND unmet_needs > 0 AND stuck_needs = 0
        ORDER BY stuck_needs, seq
        LIMIT p_most
      ) AS counted
    ),
    'stuck', (
      SELECT count(*)
      FROM (
        SELECT FROM tasks
        WHERE project_id = p_project AND status = 'pending' AND unmet_needs > 0 AND stuck_needs > 0
        ORDER BY stuck_needs, seq
        LIMIT p_most
      ) AS counted
    ),
    'in_progress', (
      SELECT count(*)
      FROM (
        SELECT FROM tasks WHERE project_id = p_project AND status = 'in_progress' ORDER BY seq LIMIT p_most
      ) AS counted
    ),
    'expired', (
      SELECT count(*)
      FROM (
        SELECT FROM tasks
        WHERE project_id = p_project
          AND claimed_by IS NOT NULL
          AND lease_check_at > '-infinity'
          AND lease_check_at <= p_now
          AND lease_expires_at <= p_now
        ORDER BY lease_check_at
        LIMIT p_most
      ) AS counted
    ),
    'failed', (
      SELECT count(*)
      FROM (
        SELECT FROM tasks WHERE project_id = p_project AND status = 'failed' ORDER BY seq LIMIT p_most
      ) AS counted
    )
  )
$$;--> statement-breakpoint
-- What the work on a task goes on from, without what is empty: what each of its first needs came to and, where it was
-- tried before, its last attempts. What takes more than p_bytes is left out or cut, and is_cut says so of results and
-- artifacts.
CREATE FUNCTION "claim_context"(
  p_project text, p_task text, p_needs integer, p_attempts integer, p_bytes integer
) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT nullif(
    jsonb_strip_nulls(jsonb_build_object(
      'needs', (
        SELECT jsonb_agg(jsonb_build_object(
          'kind', kind, 'need', need, 'task_id', task_id, 'status', status,
          'completion_notes', left(notes, p_bytes),
          'result', CASE WHEN octet_length(result::text) <= p_bytes THEN result END,
          'artifacts', nullif(CASE WHEN octet_length(made::text) <= p_bytes THEN made END, '[]'),
          'is_cut', nullif(
            coalesce(octet_length(result::text) > p_bytes, false) OR coalesce(octet_length(made::text) > p_bytes, false),
            false
          )
        ))
        FROM (
          SELECT
            edge.kind, edge.need, parent.task_id, parent.status, parent.completion_notes AS notes, parent.result,
            CASE
              WHEN edge.kind = 'task' THEN parent.artifacts
              WHEN parent.task_id IS NOT NULL THEN jsonb_path_query_array(
                parent.artifacts, '$[*] ? (@.name == $name)', jsonb_build_object('name', edge.need)
              )
              WHEN artifact.name IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
                'name', artifact.name, 'uri', artifact.uri, 'sha256', artifact.sha256, 'bytes', artifact.bytes
              ))
            END AS made
          FROM task_needs AS edge
          LEFT JOIN tasks AS parent ON parent.project_id = edge.project_id AND parent.task_id = edge.parent
          LEFT JOIN artifacts AS artifact
            ON edge.kind = 'artifact' AND artifact.project_id = edge.project_id AND artifact.name = edge.need
          WHERE edge.project_id = p_project AND edge.task_id = p_task
          ORDER BY edge.kind DESC, edge.need
          LIMIT p_needs
        ) AS came
      ),
      'attempts', (
        SELECT jsonb_agg(jsonb_build_object(
          'agent_id', agent_id, 'ended_at', ended_at, 'outcome', outcome, 'error', left(error, p_bytes)
        ))
        FROM (
          SELECT
            agent_id, to_char(attempts.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ended_at,
            outcome, error
          FROM attempts
          WHERE project_id = p_project AND task_id = p_task
          ORDER BY seq DESC
          LIMIT p_attempts
        ) AS last
      )
    )),
    '{}'
  )
$$;--> statement-breakpoint
CREATE TRIGGER "task_needs_connect" AFTER INSERT ON "task_needs"
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "connect_needs"();--> statement-breakpoint
CREATE TRIGGER "artifact_producers_connect" AFTER INSERT ON "artifact_producers"
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "connect_producers"();--> statement-breakpoint
-- At depth 0 only: what a cascade cancels is settled by the cascade itself, level by level.
CREATE TRIGGER "tasks_settle_dependents" AFTER UPDATE OF "status" ON "tasks"
FOR EACH ROW WHEN (
  NEW.in_graph
  AND OLD.status <> NEW.status
  AND (OLD.status NOT IN ('pending', 'in_progress') OR NEW.status NOT IN ('pending', 'in_progress'))
  AND pg_trigger_depth() = 0
) EXECUTE FUNCTION "settle_dependents"();--> statement-breakpoint
CREATE TRIGGER "tasks_release_priority" AFTER UPDATE OF "status" ON "tasks"
FOR EACH ROW WHEN (
  NEW.unmet_needs > 0
  AND OLD.status <> NEW.status
  AND NEW.status NOT IN ('pending', 'in_progress')
  AND pg_trigger_depth() = 0
) EXECUTE FUNCTION "release_priority"();--> statement-breakpoint
CREATE TRIGGER "tasks_leave_graph" AFTER DELETE ON "tasks"
FOR EACH ROW EXECUTE FUNCTION "leave_graph"();--> statement-breakpoint
CREATE OR REPLACE FUNCTION "complete_task_row"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.ready_at := due_at(NEW, NEW.unmet_needs);
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
-- DELETE, not TRUNCATE, as for the log.
CREATE FUNCTION "forget_graph"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM task_needs;
  DELETE FROM artifact_producers;
  DELETE FROM artifacts;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "tasks_forget_graph" AFTER TRUNCATE ON "tasks"
FOR EACH STATEMENT EXECUTE FUNCTION "forget_graph"();--> statement-breakpoint
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
    EXECUTE 'grant select, insert, update, delete on projects, task_needs, artifact_producers, artifacts to ' || role;
  END LOOP;
END $$;
