-- THE clock of leases, pauses and due times: one function, so that a test can move the time of its own database.
-- It does not stand still during a statement: a wait for a lock must not date a change before the one it follows.
CREATE FUNCTION task_clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'select clock_timestamp()';--> statement-breakpoint
CREATE SEQUENCE "public"."claim_tokens" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"caller" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"outcome" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("caller","key")
);
--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_status_known";--> statement-breakpoint
ALTER TABLE "tasks" DROP CONSTRAINT "tasks_text_lengths";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "priority" smallint DEFAULT 2 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "not_before" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "max_attempts" smallint DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "attempt" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "retry_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "last_error" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "claimed_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "claim_token" bigint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "claim_slot" smallint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lease_seconds" integer;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lease_expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "claimable_at" timestamp (3) with time zone GENERATED ALWAYS AS (case status
        when 'pending' then greatest('-infinity', not_before, retry_at)
        when 'in_progress' then lease_expires_at
      end) STORED;--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "tasks_claimable" ON "tasks" USING btree ("project_id","priority","seq","claimable_at") WHERE "tasks"."claimable_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_claimable_by_generator" ON "tasks" USING btree ("project_id","generator_name","priority","seq","claimable_at") WHERE "tasks"."claimable_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_delayed" ON "tasks" USING btree ("project_id","claimable_at") WHERE "tasks"."status" = 'pending' and "tasks"."claimable_at" > '-infinity';--> statement-breakpoint
CREATE INDEX "tasks_leases" ON "tasks" USING btree ("project_id","lease_expires_at") WHERE "tasks"."claimed_by" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_claim_slots" ON "tasks" USING btree ("project_id","claimed_by","claim_slot") WHERE "tasks"."claimed_by" is not null;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_priority_range" CHECK ("tasks"."priority" between 0 and 4);--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_attempts_in_bounds" CHECK ("tasks"."max_attempts" between 1 and 100
        and "tasks"."attempt" between 0 and "tasks"."max_attempts");--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_claims_are_whole" CHECK (num_nulls("tasks"."claimed_by", "tasks"."claim_token", "tasks"."claim_slot", "tasks"."lease_seconds", "tasks"."lease_expires_at") in (0, 5)
        and ("tasks"."claimed_by" is null or "tasks"."status" = 'in_progress'));--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_status_known" CHECK ("tasks"."status" in ('pending', 'in_progress', 'completed', 'failed', 'cancelled'));--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_text_lengths" CHECK (char_length("tasks"."description") between 1 and 10000
        and char_length("tasks"."generator_name") <= 200
        and char_length("tasks"."context_notes") <= 10000
        and char_length("tasks"."completion_notes") <= 10000
        and char_length("tasks"."last_error") <= 10000
        and char_length("tasks"."claimed_by") between 1 and 200);