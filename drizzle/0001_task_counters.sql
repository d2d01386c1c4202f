CREATE TABLE "task_counters" (
	"project_id" text NOT NULL,
	"status" text NOT NULL,
	"shard" integer NOT NULL,
	"tasks" bigint DEFAULT 0 NOT NULL,
	"waits" bigint[] DEFAULT '{0,0,0,0,0,0,0,0,0,0,0}' NOT NULL,
	"wait_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "task_counters_pkey" PRIMARY KEY("project_id","status","shard"),
	CONSTRAINT "task_counters_waits_by_bound" CHECK (cardinality("task_counters"."waits") = 11)
);
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "pending_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "started_at" timestamp (3) with time zone;