CREATE TABLE "tasks" (
	"task_id" text NOT NULL,
	"project_id" text NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "tasks_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"description" text NOT NULL,
	"generator_name" text,
	"status" text DEFAULT 'pending' NOT NULL,
	"inputs" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"expected_outputs" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"context_notes" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"completion_notes" text,
	CONSTRAINT "tasks_pkey" PRIMARY KEY("task_id","project_id"),
	CONSTRAINT "tasks_task_id_format" CHECK ("tasks"."task_id" ~ '^[A-Z][A-Z0-9]*-[0-9]+$' and char_length("tasks"."task_id") <= 20),
	CONSTRAINT "tasks_project_id_format" CHECK ("tasks"."project_id" ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
	CONSTRAINT "tasks_status_known" CHECK ("tasks"."status" in ('pending', 'in_progress', 'completed')),
	CONSTRAINT "tasks_text_lengths" CHECK (char_length("tasks"."description") between 1 and 10000
        and char_length("tasks"."generator_name") <= 200
        and char_length("tasks"."context_notes") <= 10000
        and char_length("tasks"."completion_notes") <= 10000),
	CONSTRAINT "tasks_lists_are_arrays" CHECK (jsonb_typeof("tasks"."inputs") = 'array' and jsonb_typeof("tasks"."expected_outputs") = 'array'),
	CONSTRAINT "tasks_completed_at_iff_completed" CHECK (("tasks"."status" = 'completed') = ("tasks"."completed_at" is not null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_in_order" ON "tasks" USING btree ("project_id","seq");--> statement-breakpoint
CREATE INDEX "tasks_by_status_in_order" ON "tasks" USING btree ("project_id","status","seq");