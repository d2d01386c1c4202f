// Made from the OpenAPI document by npm run generate; do not edit it.
/**
 * Task Tracker (v0.1.0)
 * Agents fetch the next task of a project, move it through its states, list tasks and add batches. Every refusal and failure has the schema ErrorAnswer: branch on its code, show its error, quote its request_id. Every path also answers OPTIONS with 204. The service refuses other methods with 405 (method_not_allowed) and unlisted paths with 404 (route_not_found). The header Allow of 204 and 405 lists the methods of the path.
 */

export type NewNeed = string | {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * How the task must have ended; ended is any end. Default: completed
     */
    when?: "completed" | "ended" | "failed";
    /**
     * Of needs with the same group, one that is met will do. Default: null
     */
    group?: string | null;
    /**
     * What becomes of this task when the other ends otherwise: block leaves it pending and stuck, cancel cancels it, ignore counts the need as met. Default: block
     */
    on_failure?: "block" | "cancel" | "ignore";
};

export type ExportLine = {
    kind: "project";
    format: 1;
    /**
     * Where it comes from; it may go into any project
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
    readiness: "declared" | "inputs";
    completion: "free" | "checked";
    paused: {
        /**
         * @minLength 1
         * @maxLength 500
         */
        reason: string;
        /**
         * When claims go on by themselves; null for no such time. Default: null
         */
        until?: string | null;
    } | null;
    /**
     * @maxLength 40
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$
     */
    task_id_prefix: string;
    /**
     * @maxItems 50
     */
    artifact_types: string[];
    /**
     * From here on, the feed of events tells all that this export may not have
     */
    events_after: string | null;
} | {
    kind: "ids";
    /**
     * @maxLength 40
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$
     */
    prefix: string;
    /**
     * @minimum 1
     * @maximum 999999999999999
     */
    last_number: number;
} | {
    kind: "event";
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @minimum 1
     * @maximum 1000000000
     */
    version: number;
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    at: string;
    type: "added" | "moved" | "reset" | "claimed" | "released" | "retried" | "expired" | "progressed" | "edited" | "noted" | "need_set" | "need_removed" | "ready" | "blocked" | "stuck" | "deleted" | "restored" | "archived";
    from_status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
    to_status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
    /**
     * @minLength 0
     * @maxLength 10000
     */
    caller: string;
    agent_id: string | null;
    attempt: number | null;
    data: Record<string, unknown> | null;
} | {
    kind: "task";
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @minLength 1
     * @maxLength 10000
     */
    description: string;
    generator_name: string | null;
    /**
     * A claimed task is told as pending, as if it had been released
     */
    status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    /**
     * @maxItems 100
     */
    inputs: string[];
    /**
     * @maxItems 100
     */
    expected_outputs: string[];
    context_notes: string | null;
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    created_at: string;
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    updated_at: string;
    /**
     * Given where the task is completed, and only there
     */
    completed_at: string | null;
    /**
     * When it last became pending
     */
    pending_at: string | null;
    /**
     * When it last started
     */
    started_at: string | null;
    completion_notes: string | null;
    /**
     * @minimum 0
     * @maximum 4
     */
    priority: number;
    not_before: string | null;
    /**
     * @minimum 1
     * @maximum 100
     */
    max_attempts: number;
    /**
     * @minimum 0
     * @maximum 100
     */
    attempt: number;
    retry_at: string | null;
    last_error: string | null;
    /**
     * @minimum 0
     * @maximum 1000
     */
    expiries: number;
    max_expiries: number | null;
    max_run_seconds: number | null;
    /**
     * What the next attempt goes on from; null without
     */
    checkpoint: unknown;
    /**
     * The JSON that the completion gave; null without
     */
    result: unknown;
    /**
     * @maxItems 100
     */
    artifacts: {
        /**
         * @minLength 1
         * @maxLength 200
         */
        name: string;
        /**
         * @minLength 1
         * @maxLength 2000
         */
        uri: string;
        /**
         * Default: null
         */
        sha256?: string | null;
        /**
         * Default: null
         */
        bytes?: number | null;
    }[];
    /**
     * @maxItems 20
     */
    labels: string[];
    metadata: Record<string, unknown>;
    /**
     * Of two lines with one revision, the higher version counts
     * @minimum 1
     * @maximum 1000000000
     */
    version: number;
    /**
     * @minimum 1
     * @maximum 1000000000
     */
    revision: number;
    /**
     * @maxItems 100
     */
    needs: {
        /**
         * @maxLength 64
         * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
         */
        task_id: string;
        /**
         * How the task must have ended; ended is any end. Default: completed
         */
        when?: "completed" | "ended" | "failed";
        /**
         * Of needs with the same group, one that is met will do. Default: null
         */
        group?: string | null;
        /**
         * What becomes of this task when the other ends otherwise: block leaves it pending and stuck, cancel cancels it, ignore counts the need as met. Default: block
         */
        on_failure?: "block" | "cancel" | "ignore";
        /**
         * What it came to where the task that it names is gone; null where that one decides
         */
        state: ("met" | "failed") | null;
    }[];
} | {
    kind: "note";
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @minimum 1
     * @maximum 1000000000
     */
    version: number;
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    at: string;
    /**
     * @minLength 0
     * @maxLength 10000
     */
    author: string;
    agent_id: string | null;
    /**
     * @minLength 1
     * @maxLength 10000
     */
    text: string;
} | {
    kind: "attempt";
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @minLength 1
     * @maxLength 200
     */
    agent_id: string;
    /**
     * @minimum 0
     * @maximum 32767
     */
    attempt: number;
    began_at: string | null;
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    ended_at: string;
    outcome: "completed" | "failed" | "cancelled" | "released" | "expired" | "reset";
    error: string | null;
    progress: {
        /**
         * Default: null
         */
        percent?: number | null;
        /**
         * Default: null
         */
        note?: string | null;
    } | null;
    usage: {
        /**
         * Default: null
         */
        input_tokens?: number | null;
        /**
         * Default: null
         */
        output_tokens?: number | null;
        /**
         * In millionths of a US dollar. Default: null
         */
        cost_micro_usd?: number | null;
    } | null;
} | {
    kind: "artifact";
    /**
     * @minLength 1
     * @maxLength 200
     */
    name: string;
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    provided_at: string;
    uri: string | null;
    /**
     * Default: null
     */
    sha256?: string | null;
    /**
     * Default: null
     */
    bytes?: number | null;
} | {
    kind: "gone";
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @minimum 1
     * @maximum 1000000000
     */
    version: number;
    /**
     * In which it was deleted or archived
     */
    status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
} | {
    kind: "cursor";
    /**
     * @minLength 0
     * @maxLength 8000
     */
    cursor: string;
} | {
    kind: "end";
    /**
     * @pattern ^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|([+-](?:[01]\d|2[0-3]):[0-5]\d)))$
     * @format date-time
     */
    at: string;
};

export type NextAnswer = {
    success: true;
    task: Task | null;
    message?: string;
};

export type Task = {
    task_id: string;
    project_id: string;
    description: string;
    generator_name: string | null;
    status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    inputs: string[];
    expected_outputs: string[];
    context_notes: string | null;
    /**
     * @format date-time
     */
    created_at: string;
    /**
     * @format date-time
     */
    updated_at: string;
    /**
     * @format date-time
     */
    completed_at: string | null;
    completion_notes: string | null;
    priority: number;
    /**
     * That of the most urgent task that waits for it, or its own; claims go by it
     */
    effective_priority: number;
    /**
     * Groups of needs that are not met; a task is ready at 0
     */
    unmet_needs: number;
    /**
     * Of those, the ones that can no longer be met
     */
    stuck_needs: number;
    /**
     * What it needed was withdrawn while somebody worked on it
     */
    stale: boolean;
    /**
     * @format date-time
     */
    not_before: string | null;
    max_attempts: number;
    /**
     * Claims so far, without those that were released or expired
     */
    attempt: number;
    /**
     * @format date-time
     */
    retry_at: string | null;
    last_error: string | null;
    /**
     * Leases that expired; they are no failed attempts
     */
    expiries: number;
    /**
     * null stands for max_attempts
     */
    max_expiries: number | null;
    max_run_seconds: number | null;
    /**
     * Of the attempt that is under way
     */
    progress: {
        percent: number | null;
        note: string | null;
    } | null;
    /**
     * Of the attempt that is under way
     */
    usage: {
        input_tokens: number | null;
        output_tokens: number | null;
        cost_micro_usd: number | null;
    } | null;
    /**
     * The JSON that the completion gave; null without
     */
    result: unknown;
    artifacts: Artifact[];
    claimed_by: string | null;
    /**
     * @format date-time
     */
    lease_expires_at: string | null;
    /**
     * The claim itself counts; null without one
     * @format date-time
     */
    last_heartbeat_at: string | null;
    labels: string[];
    /**
     * What clients keep with the task
     */
    metadata: Record<string, unknown>;
    /**
     * How many notes the task has
     */
    note_count: number;
    /**
     * Grows with each edit and each change of its needs; no claim, heartbeat, move or note changes it
     */
    revision: number;
};

export type Artifact = {
    name: string;
    uri: string;
    sha256: string | null;
    bytes: number | null;
};

export type ErrorAnswer = {
    success: false;
    /**
     * States what is wrong and what to do about it
     */
    error: string;
    code: "malformed_json" | "validation_error" | "route_not_found" | "method_not_allowed" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "rate_limited" | "headers_too_large" | "missing_credential" | "malformed_credential" | "invalid_credential" | "insufficient_scope" | "project_forbidden" | "origin_forbidden" | "authentication_unavailable" | "invalid_transition" | "task_not_found" | "ambiguous_task" | "claim_lost" | "claimed_by_other" | "task_exists" | "idempotency_key_reused" | "not_deleted" | "revision_conflict" | "count_conflict" | "not_editable" | "too_many_notes" | "need_not_found" | "need_cycle" | "artifact_has_producer" | "too_many_needs" | "needs_unmet" | "outputs_missing" | "project_not_found" | "project_too_large" | "invalid_artifact_type" | "reservation_not_found" | "list_too_large" | "cursor_expired" | "database_unavailable" | "outcome_unknown" | "not_configured" | "internal_error";
    request_id: string;
    /**
     * What the caller can act on
     */
    details?: Record<string, unknown>;
};

export type ListAnswer = {
    success: true;
    /**
     * Whole tasks, unless fields or view asks for a part of them
     */
    tasks: (Task | PartialTask)[];
    /**
     * The number of tasks on this page
     */
    count: number;
    /**
     * null on the last page. A page of a filtered list may have fewer tasks than limit, or none, and still another one after it
     */
    next_cursor: string | null;
    /**
     * With total=true: how many tasks the list has on all its pages
     */
    total?: number;
    /**
     * With total=true: false where there are at least so many
     */
    total_is_exact?: boolean;
};

export type PartialTask = {
    task_id?: string;
    project_id?: string;
    description?: string;
    generator_name?: string | null;
    status?: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    inputs?: string[];
    expected_outputs?: string[];
    context_notes?: string | null;
    /**
     * @format date-time
     */
    created_at?: string;
    /**
     * @format date-time
     */
    updated_at?: string;
    /**
     * @format date-time
     */
    completed_at?: string | null;
    completion_notes?: string | null;
    priority?: number;
    /**
     * That of the most urgent task that waits for it, or its own; claims go by it
     */
    effective_priority?: number;
    /**
     * Groups of needs that are not met; a task is ready at 0
     */
    unmet_needs?: number;
    /**
     * Of those, the ones that can no longer be met
     */
    stuck_needs?: number;
    /**
     * What it needed was withdrawn while somebody worked on it
     */
    stale?: boolean;
    /**
     * @format date-time
     */
    not_before?: string | null;
    max_attempts?: number;
    /**
     * Claims so far, without those that were released or expired
     */
    attempt?: number;
    /**
     * @format date-time
     */
    retry_at?: string | null;
    last_error?: string | null;
    /**
     * Leases that expired; they are no failed attempts
     */
    expiries?: number;
    /**
     * null stands for max_attempts
     */
    max_expiries?: number | null;
    max_run_seconds?: number | null;
    /**
     * Of the attempt that is under way
     */
    progress?: {
        percent: number | null;
        note: string | null;
    } | null;
    /**
     * Of the attempt that is under way
     */
    usage?: {
        input_tokens: number | null;
        output_tokens: number | null;
        cost_micro_usd: number | null;
    } | null;
    /**
     * The JSON that the completion gave; null without
     */
    result?: unknown;
    artifacts?: Artifact[];
    claimed_by?: string | null;
    /**
     * @format date-time
     */
    lease_expires_at?: string | null;
    /**
     * The claim itself counts; null without one
     * @format date-time
     */
    last_heartbeat_at?: string | null;
    labels?: string[];
    /**
     * What clients keep with the task
     */
    metadata?: Record<string, unknown>;
    /**
     * How many notes the task has
     */
    note_count?: number;
    /**
     * Grows with each edit and each change of its needs; no claim, heartbeat, move or note changes it
     */
    revision?: number;
};

export type ChangeAnswer = {
    success: true;
    /**
     * Tasks that the request looked at
     */
    matched: number;
    /**
     * Of those, the ones that are otherwise now, or would be; an edit may find a task as it is to be
     */
    changed: number;
    /**
     * The changed ones, the oldest first
     */
    task_ids: string[];
    /**
     * What was left as it is
     */
    skipped: {
        task_id: string;
        /**
         * The code of the error that the change of this task alone would get
         */
        reason: "task_not_found" | "claimed_by_other" | "claim_lost" | "invalid_transition" | "needs_unmet" | "outputs_missing" | "artifact_has_producer" | "not_editable";
    }[];
    /**
     * More may come after these: send the request again with cursor
     */
    has_more: boolean;
    /**
     * Where to go on; null at the end
     */
    cursor: string | null;
};

export type BatchAnswer = {
    success: true;
    tasks_added: number;
    /**
     * In the order of the batch
     */
    task_ids: string[];
};

export type NewTask = {
    /**
     * Default: the next of the project, such as TASK-051
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id?: string;
    /**
     * Default: that of the batch
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id?: string;
    /**
     * @minLength 1
     * @maxLength 10000
     */
    description: string;
    /**
     * Default: null
     * @minLength 0
     * @maxLength 200
     */
    generator_name?: string | null;
    /**
     * Default: pending
     */
    status?: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    /**
     * Default: empty
     * @maxItems 100
     */
    inputs?: string[];
    /**
     * Default: empty
     * @maxItems 100
     */
    expected_outputs?: string[];
    /**
     * Default: null
     * @minLength 0
     * @maxLength 10000
     */
    context_notes?: string | null;
    /**
     * 0 is the most urgent, 4 the least. Default: 2
     * @minimum 0
     * @maximum 4
     */
    priority?: number;
    /**
     * No agent can claim the task earlier. Default: null
     * @format date-time
     */
    not_before?: string | null;
    /**
     * After that many failed claims, the task stays failed. Default: 3
     * @minimum 1
     * @maximum 100
     */
    max_attempts?: number;
    /**
     * After that many expired leases, the task fails; null stands for max_attempts. Default: null
     * @minimum 1
     * @maximum 100
     */
    max_expiries?: number | null;
    /**
     * How long one claim may last, heartbeats included. Default: null
     * @minimum 1
     * @maximum 2592000
     */
    max_run_seconds?: number | null;
    /**
     * Default: empty
     * @maxItems 20
     */
    labels?: string[];
    /**
     * Any JSON object of at most 4 KiB. Default: empty
     */
    metadata?: Record<string, unknown>;
    /**
     * The tasks of the project that must have ended before this one is ready; they may be in the same batch. Default: empty
     * @maxItems 100
     */
    needs?: NewNeed[];
};

export type ClaimAnswer = {
    success: true;
    task: Task | null;
    /**
     * none_due: tasks are pending, but none is due yet; all_claimed: no task is ready, but claimed tasks may return or meet needs; all_blocked: every pending task waits for what it needs; none_pending: there is nothing to wait for; paused: the project gives no task
     */
    reason: "claimed" | "continue_current" | "none_due" | "all_claimed" | "all_blocked" | "none_pending" | "paused";
    claim: Claim | null;
    /**
     * What an earlier attempt left to go on from; absent where there is none
     */
    checkpoint?: unknown;
    context?: ClaimContext;
    /**
     * With count: every task that was claimed, the most urgent first, or with continue_current those of the agent, the oldest first. task and claim are those of the first
     * @maxItems 25
     */
    claims?: {
        task: Task;
        claim: Claim;
        /**
         * What an earlier attempt left to go on from; absent where there is none
         */
        checkpoint?: unknown;
        context?: ClaimContext;
    }[];
    paused?: {
        reason: string;
        /**
         * @format date-time
         */
        until: string | null;
    };
    /**
     * Without a task: how the project stands, up to 1000 each
     */
    counts?: {
        /**
         * Pending, due, and with every need met: what a claim gives
         */
        ready: number;
        /**
         * Pending, and not due yet
         */
        delayed: number;
        /**
         * Pending, and waiting for what they need
         */
        blocked: number;
        /**
         * Pending, and a need can no longer be met; somebody has to decide
         */
        stuck: number;
        /**
         * In progress, those with an expired lease included
         */
        in_progress: number;
        /**
         * In progress under a lease that has expired; a claim takes them over
         */
        expired: number;
        /**
         * Failed
         */
        failed: number;
    };
    /**
     * The count that says why there is no task
     */
    look_at?: "delayed" | "in_progress" | "blocked" | "stuck";
    /**
     * With none_due, all_claimed and a pause with an end: when to ask again. That is when the first task is due, the first lease ends or the pause does, but at most 900 seconds ahead
     * @minimum 1
     * @maximum 900
     */
    retry_after_seconds?: number;
};

export type Claim = {
    agent_id: string;
    /**
     * The fencing token: send it with every change to the task. The number before its dot grows with each claim, for systems that fence by it
     */
    token: string;
    attempt: number;
    /**
     * @format date-time
     */
    lease_expires_at: string;
};

/**
 * What each need came to, 20 at most, and the task's own last attempts; at most 8192 bytes of JSON
 */
export type ClaimContext = {
    needs?: {
        kind: "task" | "artifact";
        need: string;
        task_id?: string;
        status?: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
        completion_notes?: string;
        result?: unknown;
        artifacts?: {
            name: string;
            uri?: string;
            sha256?: string;
            bytes?: number;
        }[];
        /**
         * Something of it did not fit; get_task of the task has the whole
         */
        is_cut?: true;
    }[];
    attempts?: {
        agent_id: string;
        /**
         * @format date-time
         */
        ended_at: string;
        outcome: "completed" | "failed" | "cancelled" | "released" | "expired" | "reset";
        error?: string;
        /**
         * Something of it did not fit; get_task of the task has the whole
         */
        is_cut?: true;
    }[];
};

export type TaskAnswer = {
    success: true;
    task: Task;
    /**
     * With include=attempts: the claims that have ended, the newest first, 100 at most
     */
    attempts?: Attempt[];
    /**
     * With include=checkpoint: what the last attempt left; null where there is none
     */
    checkpoint?: unknown;
    /**
     * With include=needs: what the task needs
     */
    needs?: Need[];
};

export type Attempt = {
    agent_id: string;
    attempt: number;
    /**
     * @format date-time
     */
    began_at: string | null;
    /**
     * @format date-time
     */
    ended_at: string;
    outcome: "completed" | "failed" | "cancelled" | "released" | "expired" | "reset";
    error: string | null;
    progress: Progress;
    usage: Usage;
};

export type Progress = {
    percent: number | null;
    note: string | null;
} | null;

export type Usage = {
    input_tokens: number | null;
    output_tokens: number | null;
    cost_micro_usd: number | null;
} | null;

export type Need = {
    kind: "task" | "artifact";
    /**
     * The id of the task or the name of the artifact
     */
    need: string;
    when: "completed" | "ended" | "failed";
    group: string | null;
    on_failure: "block" | "cancel" | "ignore";
    /**
     * failed can no longer be met
     */
    state: "waiting" | "met" | "failed";
    /**
     * The task whose end decides; null where there is none
     */
    task_id: string | null;
    /**
     * Of that task
     */
    status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
};

export type EditAnswer = {
    success: true;
    updated_task: Task;
};

export type NoteAnswer = {
    success: true;
    added_note: {
        /**
         * Of the task, which the note led to; no other note of it has it
         */
        version: number;
        /**
         * @format date-time
         */
        at: string;
        /**
         * The name of the credential
         */
        author: string;
        agent_id: string | null;
        text: string;
    };
};

export type NotesAnswer = {
    success: true;
    /**
     * The oldest first
     */
    notes: {
        /**
         * Of the task, which the note led to; no other note of it has it
         */
        version: number;
        /**
         * @format date-time
         */
        at: string;
        /**
         * The name of the credential
         */
        author: string;
        agent_id: string | null;
        text: string;
    }[];
    /**
     * The number of notes on this page
     */
    count: number;
    /**
     * null on the last page
     */
    next_cursor: string | null;
};

export type MoveAnswer = {
    success: true;
    updated_task: Task;
};

export type HeartbeatAnswer = {
    success: true;
    task: Task;
    claim: Claim | null;
    /**
     * Whether to go on with the task
     */
    "continue": boolean;
    /**
     * Why not: somebody cancelled the task, or the attempt has lasted as long as max_run_seconds allows
     */
    reason?: "cancelled" | "run_over";
};

export type ReleaseAnswer = {
    success: true;
    released_task: Task;
};

export type DeleteAnswer = {
    success: true;
    deleted_task: Task;
    /**
     * For as long as the task can be restored
     */
    id_stays_taken: boolean;
    /**
     * null after a purge, and where deleted tasks are kept for ever
     * @format date-time
     */
    restorable_until: string | null;
};

export type RestoreAnswer = {
    success: true;
    restored_task: Task;
};

export type NeedAnswer = {
    success: true;
    updated_task: Task;
};

export type ExplainAnswer = {
    success: true;
    task_id: string;
    project_id: string;
    status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    /**
     * Whether a claim may be given the task now
     */
    claimable: boolean;
    conditions: {
        condition: "status" | "needs" | "inputs" | "not_before" | "retry" | "lease" | "attempts" | "pause" | "scope";
        met: boolean;
        /**
         * How it stands, in one sentence
         */
        fact: string;
        /**
         * What would change it, where something would; empty where it is met
         */
        calls: {
            operation: string;
            arguments: Record<string, unknown>;
        }[];
    }[];
    needs: Need[];
    /**
     * The tasks that wait for this one, 100 at most
     */
    dependents: string[];
};

export type ArtifactAnswer = {
    success: true;
    provided_artifact: {
        name: string;
        /**
         * @format date-time
         */
        provided_at: string;
        uri: string | null;
        sha256: string | null;
        bytes: number | null;
    };
};

export type GraphAnswer = {
    success: true;
    tasks: {
        task_id: string;
        status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
        /**
         * Cut to 200 characters
         */
        description: string;
        claimed_by: string | null;
        unmet_needs: number;
        stuck_needs: number;
    }[];
    needs: {
        /**
         * The task that has the need
         */
        task_id: string;
        kind: "task" | "artifact";
        need: string;
        /**
         * The task whose end decides
         */
        parent: string;
        state: "waiting" | "met" | "failed";
    }[];
    /**
     * false where there is more than the 500 tasks that one answer has
     */
    is_whole: boolean;
};

export type ProjectsAnswer = {
    success: true;
    /**
     * What the credential of the request may do
     */
    credential: {
        /**
         * As the log and the history call it
         */
        name: string;
        scopes: ("read" | "write" | "admin")[];
        /**
         * Those that it has access to; null for all
         */
        projects: string[] | null;
    };
    /**
     * In the order of their ids, 1000 at most
     */
    projects: Project[];
};

export type Project = {
    project_id: string;
    readiness: "declared" | "inputs";
    completion: "free" | "checked";
    /**
     * Why claims get nothing; null where they do
     */
    paused: {
        reason: string;
        /**
         * @format date-time
         */
        until: string | null;
    } | null;
    /**
     * Of the ids that the service gives to tasks
     */
    task_id_prefix: string;
    /**
     * The types of ids that the project adds to the standard ones
     */
    artifact_types: string[];
};

export type ProjectAnswer = {
    success: true;
    project: Project;
    counts: ReadinessCounts;
    /**
     * The age of the oldest task that is ready; null where none is
     */
    oldest_ready_seconds: number | null;
};

/**
 * Up to 10000 each; that number stands for it or more
 */
export type ReadinessCounts = {
    /**
     * Pending, due, and with every need met: what a claim gives
     */
    ready: number;
    /**
     * Pending, and not due yet
     */
    delayed: number;
    /**
     * Pending, and waiting for what they need
     */
    blocked: number;
    /**
     * Pending, and a need can no longer be met; somebody has to decide
     */
    stuck: number;
    /**
     * In progress, those with an expired lease included
     */
    in_progress: number;
    /**
     * In progress under a lease that has expired; a claim takes them over
     */
    expired: number;
    /**
     * Failed
     */
    failed: number;
};

export type PutProjectAnswer = {
    success: true;
    updated_project: Project;
};

export type StatisticsAnswer = {
    success: true;
    /**
     * Each day of the range, the oldest first. Usage is that of ended claims
     */
    days: {
        /**
         * Of UTC
         * @format date
         */
        day: string;
        added: number;
        completed: number;
        /**
         * Tasks that became failed
         */
        failed: number;
        cancelled: number;
        /**
         * Attempts that failed and left the task pending
         */
        retried: number;
        /**
         * Claims that were lost because their lease ended
         */
        expired: number;
        /**
         * Of the tasks that were started on this day: from when each last became pending to its start; null without one
         */
        waiting_seconds: {
            p50: number;
            p95: number;
        } | null;
        /**
         * Of the tasks that were completed on this day: from the creation of each to its completion; null without one
         */
        lead_seconds: {
            p50: number;
            p95: number;
        } | null;
        input_tokens: number;
        output_tokens: number;
        /**
         * In millionths of a US dollar
         */
        cost_micro_usd: number;
    }[];
    /**
     * Of failed tasks and retried attempts of all these days, the 8 most frequent reasons
     */
    failures: {
        /**
         * The error without its numbers, cut to 60 characters; null where none was given
         */
        reason: string | null;
        count: number;
    }[];
    /**
     * Failures for other reasons
     */
    failures_left_out: number;
    /**
     * By the claims that ended today, the 100 agents with the highest cost
     */
    agents_today: {
        agent_id: string;
        attempts: number;
        input_tokens: number;
        output_tokens: number;
        /**
         * In millionths of a US dollar
         */
        cost_micro_usd: number;
    }[];
    /**
     * Other agents with a claim that ended today
     */
    agents_left_out: number;
    /**
     * From when on nothing is missing: the start of the first day, or later where older events are no longer kept, or are beyond the newest 50000 of the project
     * @format date-time
     */
    complete_from: string;
};

export type ImportAnswer = {
    success: true;
    counts: {
        added: number;
        replaced: number;
        removed: number;
        unchanged: number;
        skipped: number;
    };
    /**
     * Of every line where dry_run is true; otherwise of those that were skipped
     */
    results: {
        /**
         * Its place in lines, from 0 on
         */
        line: number;
        result: "added" | "replaced" | "removed" | "unchanged" | "skipped";
        /**
         * Why it was skipped: newer, what is there is; deleted, its id is taken by a task that can be restored; no_task, it is about none; too_many_notes, the task has as many as it may have
         */
        reason: ("newer" | "deleted" | "no_task" | "too_many_notes") | null;
    }[];
};

export type NextIdAnswer = {
    success: true;
    artifact_type: string;
    next_id: string;
};

export type ReservationAnswer = {
    success: true;
    reservation_id: string;
    artifact_type: string;
    /**
     * One after the other
     */
    reserved_ids: string[];
    /**
     * When it can no longer be confirmed
     * @format date-time
     */
    expires_at: string;
};

export type ConfirmAnswer = {
    success: true;
    reservation_id: string;
    confirmed: true;
};

export type ExpiredAnswer = {
    success: true;
    /**
     * One request deletes 1000 at most
     */
    deleted_count: number;
    /**
     * More are left: send it again
     */
    has_more: boolean;
};

export type HistoryAnswer = {
    success: true;
    events: Event[];
    /**
     * The number of events on this page
     */
    count: number;
    /**
     * null on the last page
     */
    next_cursor: string | null;
};

export type Event = {
    /**
     * No other event has it. In the order of the changes of one task, but not of several
     * @format int64
     */
    seq: number;
    project_id: string;
    /**
     * Empty for project_changed, which is of no task
     */
    task_id: string;
    /**
     * How many changes the task had seen with this one; starts anew where a task is added again
     */
    version: number;
    /**
     * @format date-time
     */
    at: string;
    /**
     * ready, blocked and stuck: a pending task stands so by its needs from here on; of a new task, added comes alone
     */
    type: "added" | "moved" | "reset" | "claimed" | "released" | "retried" | "expired" | "progressed" | "edited" | "noted" | "need_set" | "need_removed" | "ready" | "blocked" | "stuck" | "deleted" | "restored" | "archived" | "imported" | "project_changed";
    /**
     * null where the task was added, and for project_changed
     */
    from_status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
    /**
     * null where the task was deleted, and for project_changed
     */
    to_status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
    /**
     * The name of the credential
     */
    caller: string;
    agent_id: string | null;
    attempt: number | null;
    /**
     * What else changed; a long text is cut and ends in an ellipsis
     */
    data: Record<string, unknown> | null;
};

export type EventsAnswer = {
    success: true;
    events: FollowedEvent[];
    /**
     * Pass it as after; it is there even without events
     */
    next_cursor: string;
    /**
     * Whether to ask again at once
     */
    has_more: boolean;
    /**
     * The age of the first event that a transaction which is still open, anywhere in the database server, holds back; 0 where there is none
     */
    lag_seconds: number;
};

export type FollowedEvent = {
    /**
     * No other event has it. In the order of the changes of one task, but not of several
     * @format int64
     */
    seq: number;
    project_id: string;
    /**
     * Empty for project_changed, which is of no task
     */
    task_id: string;
    /**
     * How many changes the task had seen with this one; starts anew where a task is added again
     */
    version: number;
    /**
     * @format date-time
     */
    at: string;
    /**
     * ready, blocked and stuck: a pending task stands so by its needs from here on; of a new task, added comes alone
     */
    type: "added" | "moved" | "reset" | "claimed" | "released" | "retried" | "expired" | "progressed" | "edited" | "noted" | "need_set" | "need_removed" | "ready" | "blocked" | "stuck" | "deleted" | "restored" | "archived" | "imported" | "project_changed";
    /**
     * null where the task was added, and for project_changed
     */
    from_status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
    /**
     * null where the task was deleted, and for project_changed
     */
    to_status: ("pending" | "in_progress" | "completed" | "failed" | "cancelled") | null;
    /**
     * The name of the credential
     */
    caller: string;
    agent_id: string | null;
    attempt: number | null;
    /**
     * What else changed; a long text is cut and ends in an ellipsis
     */
    data: Record<string, unknown> | null;
    /**
     * As after, it leads to what comes after this event
     */
    cursor: string;
};

export type HealthAnswer = {
    status: "healthy" | "degraded";
    version: string;
    dependencies: {
        database: "connected" | "disconnected";
    };
};

export type NotReadyAnswer = HealthAnswer | ErrorAnswer;

export type GetNextTaskInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * Default: pending
     */
    status?: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    /**
     * How long to wait for a task while there is none, in seconds. Default: 0
     * @minimum 0
     * @maximum 50
     */
    wait_seconds?: number;
};

export type ListTasksInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * One of pending, in_progress, completed, failed, cancelled, or several separated by commas
     */
    status?: string;
    /**
     * ready: a claim may be given it; delayed: not due yet; blocked: waits for what it needs; stuck: a need can no longer be met. All of them are pending
     */
    state?: "ready" | "delayed" | "blocked" | "stuck";
    /**
     * Only tasks with this label
     * @minLength 1
     * @maxLength 100
     */
    label?: string;
    /**
     * Only tasks of this generator
     * @minLength 1
     * @maxLength 200
     */
    generator_name?: string;
    /**
     * Only tasks that this agent holds a claim on
     * @minLength 1
     * @maxLength 200
     */
    claimed_by?: string;
    /**
     * Of this priority of its own or a less urgent one; 0 is the most urgent
     * @minimum 0
     * @maximum 4
     */
    priority_min?: number;
    /**
     * Of this priority of its own or a more urgent one; 0 is the most urgent
     * @minimum 0
     * @maximum 4
     */
    priority_max?: number;
    /**
     * Created later than this moment
     * @format date-time
     */
    created_after?: string;
    /**
     * Created earlier than this moment
     * @format date-time
     */
    created_before?: string;
    /**
     * Changed later than this moment
     * @format date-time
     */
    updated_after?: string;
    /**
     * Changed earlier than this moment
     * @format date-time
     */
    updated_before?: string;
    /**
     * Only ids that begin so
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9-]*$
     */
    id_prefix?: string;
    /**
     * Only tasks with all of these words in their description and context notes, or in one of their notes; the last word may be the beginning of one. Without a word, nothing is found
     * @minLength 1
     * @maxLength 200
     */
    q?: string;
    /**
     * created: in order of creation; priority: the most urgent first; updated: the one that has not changed for longest first; relevance: where q fits best first. A hyphen turns the order round. Default: created
     */
    sort?: "created" | "-created" | "updated" | "-updated" | "priority" | "-priority" | "relevance";
    /**
     * Only these fields of each task, separated by commas
     */
    fields?: string;
    /**
     * brief: only task_id, project_id, status, priority, generator_name, description, labels, claimed_by, updated_at, descriptions cut to 200 characters
     */
    view?: "full" | "brief";
    /**
     * Counts all tasks of the list, exactly up to 10000; total_is_exact tells whether there are more. Default: false
     */
    total?: boolean;
    /**
     * A page ends early if its tasks have more than 4 MiB of text, or where a filter has looked at 10000 tasks; only next_cursor marks the last page. Default: 1000
     * @minimum 1
     * @maximum 1000
     */
    limit?: number;
    /**
     * next_cursor of the previous page, with the same filter and sort
     */
    cursor?: string;
};

export type ChangeTasksInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
    /**
     * move: to a status; reset: back to pending; cancel; edit; release: ends the claims on them; delete, so that they can be restored. release and delete need the scope admin
     */
    action: "move" | "reset" | "cancel" | "edit" | "release" | "delete";
    /**
     * The tasks, as GET /tasks finds them; {} means every task of the project. Default: those of ids
     */
    filter?: {
        /**
         * One of pending, in_progress, completed, failed, cancelled, or several separated by commas
         */
        status?: string;
        /**
         * ready: a claim may be given it; delayed: not due yet; blocked: waits for what it needs; stuck: a need can no longer be met. All of them are pending
         */
        state?: "ready" | "delayed" | "blocked" | "stuck";
        /**
         * Only tasks with this label
         * @minLength 1
         * @maxLength 100
         */
        label?: string;
        /**
         * Only tasks of this generator
         * @minLength 1
         * @maxLength 200
         */
        generator_name?: string;
        /**
         * Only tasks that this agent holds a claim on
         * @minLength 1
         * @maxLength 200
         */
        claimed_by?: string;
        /**
         * Of this priority of its own or a less urgent one; 0 is the most urgent
         * @minimum 0
         * @maximum 4
         */
        priority_min?: number;
        /**
         * Of this priority of its own or a more urgent one
         * @minimum 0
         * @maximum 4
         */
        priority_max?: number;
        /**
         * Created later than this moment
         * @format date-time
         */
        created_after?: string;
        /**
         * Created earlier than this moment
         * @format date-time
         */
        created_before?: string;
        /**
         * Changed later than this moment
         * @format date-time
         */
        updated_after?: string;
        /**
         * Changed earlier than this moment
         * @format date-time
         */
        updated_before?: string;
        /**
         * Only ids that begin so
         * @maxLength 64
         * @pattern ^[A-Z][A-Z0-9-]*$
         */
        id_prefix?: string;
        /**
         * Only tasks with all of these words in their description and context notes, or in one of their notes; the last word may be the beginning of one. Without a word, nothing is found
         * @minLength 1
         * @maxLength 200
         */
        q?: string;
    };
    /**
     * The tasks; what comes twice counts once. Default: those of the filter
     * @minItems 1
     * @maxItems 500
     */
    ids?: string[];
    /**
     * Where a move leads to; only with the action move, which needs it. Default: none
     */
    status?: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    /**
     * Allows the move back to pending. Only with the action move. Default: false
     */
    reset?: boolean;
    /**
     * Stored with each task unless empty. Only with the actions move and cancel. Default: null
     * @minLength 0
     * @maxLength 10000
     */
    completion_notes?: string | null;
    /**
     * Moves tasks even if agents have claimed them; needs the scope admin. Only with the actions move, reset and cancel. Default: false
     */
    force?: boolean;
    /**
     * Only with the action edit, which needs it. Default: none
     */
    changes?: {
        /**
         * Default: as it is
         * @minLength 0
         * @maxLength 200
         */
        generator_name?: string | null;
        /**
         * 0 is the most urgent, 4 the least; null stands for 2. Default: as it is
         * @minimum 0
         * @maximum 4
         */
        priority?: number | null;
        /**
         * Default: as it is
         * @format date-time
         */
        not_before?: string | null;
        /**
         * At least as many as the task has had; null stands for 3. Default: as it is
         * @minimum 1
         * @maximum 100
         */
        max_attempts?: number | null;
        /**
         * Default: as it is
         * @maxItems 20
         */
        labels?: string[];
        /**
         * Labels that each task gets besides its own
         * @maxItems 20
         */
        add_labels?: string[];
        /**
         * Labels that each task loses
         * @maxItems 20
         */
        remove_labels?: string[];
    };
    /**
     * How long the released tasks cannot be claimed. Only with the action release. Default: null
     * @minimum 0
     * @maximum 604800
     */
    delay_seconds?: number | null;
    /**
     * Tells what would be changed, and changes nothing. Default: false
     */
    dry_run?: boolean;
    /**
     * The request is refused unless it matches so many tasks. Default: any number
     * @minimum 0
     * @maximum 500
     */
    expect_count?: number;
    /**
     * The most tasks that the request looks at. Default: 500
     * @minimum 1
     * @maximum 500
     */
    limit?: number;
    /**
     * The cursor of the previous answer, with the same project, action, and filter or ids. Default: the start
     */
    cursor?: string;
};

export type AddTasksInput = {
    /**
     * The project of the tasks that name none. Default: each names its own
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id?: string;
    /**
     * @minItems 1
     * @maxItems 500
     */
    tasks: NewTask[];
};

export type ClaimTaskInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
    /**
     * Identifies the agent; keep it after a restart to get the task back
     * @minLength 1
     * @maxLength 200
     */
    agent_id: string;
    /**
     * How long the claim lasts without a heartbeat. Default: 900
     * @minimum 30
     * @maximum 86400
     */
    lease_seconds?: number;
    /**
     * Claims only tasks for that generator. Default: null
     * @minLength 0
     * @maxLength 200
     */
    generator_name?: string | null;
    /**
     * How many tasks the agent may hold at once. Default: 1
     * @minimum 1
     * @maximum 100
     */
    capacity?: number;
    /**
     * How many tasks to claim at once, at most capacity: all, or as many as there are and fit. Default: one, and the answer has no claims
     * @minimum 1
     * @maximum 25
     */
    count?: number;
    /**
     * How long to wait for a task while there is none. Default: 0
     * @minimum 0
     * @maximum 50
     */
    wait_seconds?: number;
};

export type GetTaskInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * What to tell in addition, separated by commas: attempts, checkpoint, needs
     */
    include?: string;
};

export type EditTaskInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * The edit is refused unless the task has this revision; without it, whatever it has. If-Match goes before it
     * @minimum 0
     * @maximum 2147483647
     */
    expected_revision?: number;
    /**
     * Default: as it is
     * @minLength 1
     * @maxLength 10000
     */
    description?: string;
    /**
     * Default: as it is
     * @minLength 0
     * @maxLength 200
     */
    generator_name?: string | null;
    /**
     * Fixed once the task is completed. Default: as it is
     * @maxItems 100
     */
    inputs?: string[];
    /**
     * Fixed once the task is completed. Default: as it is
     * @maxItems 100
     */
    expected_outputs?: string[];
    /**
     * Default: as it is
     * @minLength 0
     * @maxLength 10000
     */
    context_notes?: string | null;
    /**
     * 0 is the most urgent, 4 the least; null stands for 2. Default: as it is
     * @minimum 0
     * @maximum 4
     */
    priority?: number | null;
    /**
     * Default: as it is
     * @format date-time
     */
    not_before?: string | null;
    /**
     * At least as many as the task has had; null stands for 3. Default: as it is
     * @minimum 1
     * @maximum 100
     */
    max_attempts?: number | null;
    /**
     * Default: as it is
     * @maxItems 20
     */
    labels?: string[];
    /**
     * A merge patch (RFC 7396): what it leaves out stays, and null takes a member away. The result has at most 4 KiB. Default: as it is
     */
    metadata?: Record<string, unknown>;
};

export type DeleteTaskInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * Deletes for good, also what is deleted already; the id is free at once. Default: false
     */
    purge?: boolean;
};

export type AddNoteInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * @minLength 1
     * @maxLength 10000
     */
    text: string;
    /**
     * The agent that writes, where one does. Default: null
     * @minLength 1
     * @maxLength 200
     */
    agent_id?: string | null;
};

export type ListNotesInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * The most notes of one answer. Default: 100
     * @minimum 1
     * @maximum 100
     */
    limit?: number;
    /**
     * next_cursor of the previous page
     */
    cursor?: string;
};

export type UpdateTaskStatusInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * Required only if several projects have a task with that id
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project?: string;
    status: "pending" | "in_progress" | "completed" | "failed" | "cancelled";
    /**
     * Allows the move back to pending, which clears the completion. Default: false
     */
    reset?: boolean;
    /**
     * Stored unless empty; a reset clears them. Default: null
     * @minLength 0
     * @maxLength 10000
     */
    completion_notes?: string | null;
    /**
     * The token of your claim; required while the claim is live. Default: null
     * @pattern ^[1-9][0-9]{0,18}\.[A-Za-z0-9_-]{16}$
     */
    claim_token?: string | null;
    /**
     * Moves the task even if another agent has claimed it; needs the scope admin. Default: false
     */
    force?: boolean;
    /**
     * Why the attempt failed; stored as last_error. Only with the status failed. Default: null
     * @minLength 1
     * @maxLength 10000
     */
    error?: string | null;
    /**
     * Replaces the computed pause before the next attempt. Only with the status failed. Default: null
     * @minimum 0
     * @maximum 604800
     */
    delay_seconds?: number | null;
    /**
     * Any JSON of at most 64 KiB, kept with the task. Only with the status completed. Default: null
     */
    result?: unknown;
    /**
     * What the task has made and where it lies. Only with the status completed. Default: null
     * @maxItems 100
     */
    artifacts?: {
        /**
         * @minLength 1
         * @maxLength 200
         */
        name: string;
        /**
         * @minLength 1
         * @maxLength 2000
         */
        uri: string;
        /**
         * Default: null
         * @pattern ^[0-9a-f]{64}$
         */
        sha256?: string | null;
        /**
         * Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        bytes?: number | null;
    }[] | null;
    /**
     * The totals of this attempt so far; each report replaces the one before. Default: null
     */
    usage?: {
        /**
         * Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        input_tokens?: number | null;
        /**
         * Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        output_tokens?: number | null;
        /**
         * In millionths of a US dollar. Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        cost_micro_usd?: number | null;
    } | null;
};

export type HeartbeatClaimInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * Required only if several projects have a task with that id
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project?: string;
    /**
     * @pattern ^[1-9][0-9]{0,18}\.[A-Za-z0-9_-]{16}$
     */
    claim_token: string;
    /**
     * The length of the new lease; null keeps that of the last one. Default: null
     * @minimum 30
     * @maximum 86400
     */
    lease_seconds?: number | null;
    /**
     * How far the attempt is; part of the history. Default: null
     */
    progress?: {
        /**
         * Default: null
         * @minimum 0
         * @maximum 100
         */
        percent?: number | null;
        /**
         * Default: null
         * @minLength 0
         * @maxLength 500
         */
        note?: string | null;
    } | null;
    /**
     * Any JSON of at most 16 KiB, for whoever claims the task next; null keeps the last one. Default: null
     */
    checkpoint?: unknown;
    /**
     * The totals of this attempt so far; each report replaces the one before. Default: null
     */
    usage?: {
        /**
         * Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        input_tokens?: number | null;
        /**
         * Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        output_tokens?: number | null;
        /**
         * In millionths of a US dollar. Default: null
         * @minimum 0
         * @maximum 9007199254740991
         */
        cost_micro_usd?: number | null;
    } | null;
};

export type ReleaseClaimInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * Required only if several projects have a task with that id
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project?: string;
    /**
     * @pattern ^[1-9][0-9]{0,18}\.[A-Za-z0-9_-]{16}$
     */
    claim_token: string;
    /**
     * For the history. A release costs no attempt, whatever the reason. Default: null
     */
    reason?: ("rate_limited" | "shutting_down" | "unable") | null;
    /**
     * How long the task cannot be claimed. Default: null
     * @minimum 0
     * @maximum 604800
     */
    delay_seconds?: number | null;
    /**
     * Stored as completion_notes for the next agent, unless empty. Default: null
     * @minLength 0
     * @maxLength 10000
     */
    notes?: string | null;
};

export type RestoreTaskInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
};

export type PutNeedInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * The task that it needs
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    need: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * How the task must have ended; ended is any end. Default: completed
     */
    when?: "completed" | "ended" | "failed";
    /**
     * Of needs with the same group, one that is met will do. Default: null
     * @minLength 1
     * @maxLength 100
     */
    group?: string | null;
    /**
     * What becomes of this task when the other ends otherwise: block leaves it pending and stuck, cancel cancels it, ignore counts the need as met. Default: block
     */
    on_failure?: "block" | "cancel" | "ignore";
};

export type DeleteNeedInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    need: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
};

export type ExplainTaskInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
};

export type ProvideArtifactInput = {
    /**
     * @minLength 1
     * @maxLength 200
     */
    name: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * Default: null
     * @minLength 1
     * @maxLength 2000
     */
    uri?: string | null;
    /**
     * Default: null
     * @pattern ^[0-9a-f]{64}$
     */
    sha256?: string | null;
    /**
     * Default: null
     * @minimum 0
     * @maximum 9007199254740991
     */
    bytes?: number | null;
};

export type GetGraphInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * Only what lies around this task
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task?: string;
    /**
     * How many needs away from the task, in either direction. Default: 2
     * @minimum 1
     * @maximum 5
     */
    depth?: number;
};

export type GetProjectInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
};

export type PutProjectInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
    /**
     * declared: needs alone count, as for every new project; inputs: an input also waits for the task that makes it, or until it is provided. Default: as it is
     */
    readiness?: "declared" | "inputs";
    /**
     * checked: a completion must bring an artifact for every expected output; free: it need not. Default: as it is
     */
    completion?: "free" | "checked";
    /**
     * Claims get nothing while the project is paused; null ends the pause. Default: as it is
     */
    paused?: {
        /**
         * @minLength 1
         * @maxLength 500
         */
        reason: string;
        /**
         * When claims go on by themselves; null for no such time. Default: null
         * @format date-time
         */
        until?: string | null;
    } | null;
    /**
     * Of the ids that the service gives to tasks; TASK for every new project. Default: as it is
     * @maxLength 40
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*$
     */
    task_id_prefix?: string;
    /**
     * The types of ids besides the standard ones, all of them. Default: as they are
     * @maxItems 50
     */
    artifact_types?: string[];
};

export type GetStatisticsInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * How many UTC days, today included. Default: 14
     * @minimum 1
     * @maximum 90
     */
    days?: number;
};

export type ExportProjectInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * That of the last line of the answer before
     */
    cursor?: string;
};

export type ImportLinesInput = {
    /**
     * The project that takes the lines, whichever they come from
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
    /**
     * Tells of each line what would become of it, and changes nothing. Default: false
     */
    dry_run?: boolean;
    /**
     * @minItems 1
     * @maxItems 500
     */
    lines: ExportLine[];
};

export type GetNextIdInput = {
    /**
     * VIS, INIT, EPIC, PRD, HLS, US, SPIKE, ADR, SPEC, TASK, FS, or one that the project adds
     * @minLength 1
     * @maxLength 100
     */
    type: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
};

export type TakeNextIdInput = {
    /**
     * VIS, INIT, EPIC, PRD, HLS, US, SPIKE, ADR, SPEC, TASK, FS, or one that the project adds
     * @minLength 1
     * @maxLength 100
     */
    type: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
};

export type ReserveIdsInput = {
    /**
     * VIS, INIT, EPIC, PRD, HLS, US, SPIKE, ADR, SPEC, TASK, FS, or one that the project adds
     * @minLength 1
     * @maxLength 100
     */
    type: string;
    /**
     * How many ids
     * @minimum 1
     * @maximum 100
     */
    count: number;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project_id: string;
};

export type ConfirmReservationInput = {
    /**
     * @minLength 1
     * @maxLength 100
     */
    reservation_id: string;
};

export type GetTaskHistoryInput = {
    /**
     * @maxLength 64
     * @pattern ^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]+$
     */
    task_id: string;
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * Which event comes first. Default: newest
     */
    order?: "newest" | "oldest";
    /**
     * The most events of one answer. Default: 1000
     * @minimum 1
     * @maximum 1000
     */
    limit?: number;
    /**
     * next_cursor of the previous page
     */
    cursor?: string;
};

export type ListEventsInput = {
    /**
     * @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$
     */
    project: string;
    /**
     * next_cursor of the answer before, or now for only what comes from now on; without it, the oldest event that is kept
     */
    after?: string;
    /**
     * Only events of these types, separated by commas: added, moved, reset, claimed, released, retried, expired, progressed, edited, noted, need_set, need_removed, ready, blocked, stuck, deleted, restored, archived, imported, project_changed
     */
    types?: string;
    /**
     * The most events of one answer. Default: 1000
     * @minimum 1
     * @maximum 1000
     */
    limit?: number;
    /**
     * How long the answer waits for an event where there is none; without effect on Server-Sent Events. Default: 0
     * @minimum 0
     * @maximum 50
     */
    wait_seconds?: number;
};

/** What each operation takes and answers. */
export interface Operations {
    /** Get the next task of a project */
    getNextTask: { input: GetNextTaskInput; answer: NextAnswer };
    /** List the tasks of a project */
    listTasks: { input: ListTasksInput; answer: ListAnswer };
    /** Change many tasks */
    changeTasks: { input: ChangeTasksInput; answer: ChangeAnswer };
    /** Add tasks */
    addTasks: { input: AddTasksInput; answer: BatchAnswer };
    /** Claim the next task of a project */
    claimTask: { input: ClaimTaskInput; answer: ClaimAnswer };
    /** Get a task of a project */
    getTask: { input: GetTaskInput; answer: TaskAnswer };
    /** Edit a task */
    editTask: { input: EditTaskInput; answer: EditAnswer };
    /** Delete a task of a project */
    deleteTask: { input: DeleteTaskInput; answer: DeleteAnswer };
    /** Add a note to a task */
    addNote: { input: AddNoteInput; answer: NoteAnswer };
    /** List the notes of a task */
    listNotes: { input: ListNotesInput; answer: NotesAnswer };
    /** Move a task to another status */
    updateTaskStatus: { input: UpdateTaskStatusInput; answer: MoveAnswer };
    /** Renew the lease of a claim */
    heartbeatClaim: { input: HeartbeatClaimInput; answer: HeartbeatAnswer };
    /** Release a claimed task */
    releaseClaim: { input: ReleaseClaimInput; answer: ReleaseAnswer };
    /** Restore a deleted task */
    restoreTask: { input: RestoreTaskInput; answer: RestoreAnswer };
    /** Let a task need another */
    putNeed: { input: PutNeedInput; answer: NeedAnswer };
    /** Let a task no longer need another */
    deleteNeed: { input: DeleteNeedInput; answer: NeedAnswer };
    /** Explain why a task is claimable or not */
    explainTask: { input: ExplainTaskInput; answer: ExplainAnswer };
    /** Say that an artifact exists */
    provideArtifact: { input: ProvideArtifactInput; answer: ArtifactAnswer };
    /** Read the graph of a project, or what lies around a task */
    getGraph: { input: GetGraphInput; answer: GraphAnswer };
    /** List the projects of the credential */
    listProjects: { input: Record<string, never>; answer: ProjectsAnswer };
    /** Get a project and how its tasks stand */
    getProject: { input: GetProjectInput; answer: ProjectAnswer };
    /** Set the settings of a project */
    putProject: { input: PutProjectInput; answer: PutProjectAnswer };
    /** Read what came of the work, by day */
    getStatistics: { input: GetStatisticsInput; answer: StatisticsAnswer };
    /** Take out a project, as lines of JSON */
    exportProject: { input: ExportProjectInput; answer: string };
    /** Take lines of an export into a project */
    importLines: { input: ImportLinesInput; answer: ImportAnswer };
    /** Give out the next id */
    getNextId: { input: GetNextIdInput; answer: NextIdAnswer };
    /** Give out the next id */
    takeNextId: { input: TakeNextIdInput; answer: NextIdAnswer };
    /** Reserve ids */
    reserveIds: { input: ReserveIdsInput; answer: ReservationAnswer };
    /** Confirm a reservation */
    confirmReservation: { input: ConfirmReservationInput; answer: ConfirmAnswer };
    /** Delete expired reservations */
    deleteExpiredReservations: { input: Record<string, never>; answer: ExpiredAnswer };
    /** Read what happened to a task */
    getTaskHistory: { input: GetTaskHistoryInput; answer: HistoryAnswer };
    /** Follow what happens in a project */
    listEvents: { input: ListEventsInput; answer: EventsAnswer };
    /** Get figures for Prometheus */
    getMetrics: { input: Record<string, never>; answer: string };
    /** Report the health of the service and its database */
    getHealth: { input: Record<string, never>; answer: HealthAnswer };
    /** Report whether the service can do its work */
    getReadiness: { input: Record<string, never>; answer: HealthAnswer };
}

// How a request carries the fields of each operation.
export const getNextTask = {"method":"GET","path":"/tasks/next","inQuery":["project","status","wait_seconds"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const listTasks = {"method":"GET","path":"/tasks","inQuery":["project","status","state","label","generator_name","claimed_by","priority_min","priority_max","created_after","created_before","updated_after","updated_before","id_prefix","q","sort","fields","view","total","limit","cursor"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const changeTasks = {"method":"POST","path":"/tasks/bulk","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const addTasks = {"method":"POST","path":"/tasks/batch","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const claimTask = {"method":"POST","path":"/tasks/claim","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const getTask = {"method":"GET","path":"/tasks/{task_id}","inQuery":["project","include"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const editTask = {"method":"PATCH","path":"/tasks/{task_id}","inQuery":["project","expected_revision"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const deleteTask = {"method":"DELETE","path":"/tasks/{task_id}","inQuery":["project","purge"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const addNote = {"method":"POST","path":"/tasks/{task_id}/notes","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const listNotes = {"method":"GET","path":"/tasks/{task_id}/notes","inQuery":["project","limit","cursor"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const updateTaskStatus = {"method":"PUT","path":"/tasks/{task_id}/status","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const heartbeatClaim = {"method":"POST","path":"/tasks/{task_id}/heartbeat","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const releaseClaim = {"method":"POST","path":"/tasks/{task_id}/release","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const restoreTask = {"method":"POST","path":"/tasks/{task_id}/restore","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const putNeed = {"method":"PUT","path":"/tasks/{task_id}/needs/{need}","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const deleteNeed = {"method":"DELETE","path":"/tasks/{task_id}/needs/{need}","inQuery":["project"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const explainTask = {"method":"GET","path":"/tasks/{task_id}/explain","inQuery":["project"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const provideArtifact = {"method":"PUT","path":"/artifacts/{name}","inQuery":["project"],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const getGraph = {"method":"GET","path":"/graph","inQuery":["project","task","depth"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const listProjects = {"method":"GET","path":"/projects","inQuery":[],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const getProject = {"method":"GET","path":"/projects/{project_id}","inQuery":[],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const putProject = {"method":"PUT","path":"/projects/{project_id}","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const getStatistics = {"method":"GET","path":"/statistics","inQuery":["project","days"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const exportProject = {"method":"GET","path":"/export","inQuery":["project","cursor"],"hasBody":false,"takesKey":false,"answersJson":false} as const;
export const importLines = {"method":"POST","path":"/import","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const getNextId = {"method":"GET","path":"/ids/next","inQuery":["type","project"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const takeNextId = {"method":"POST","path":"/ids/next","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const reserveIds = {"method":"POST","path":"/ids/reserve","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const confirmReservation = {"method":"POST","path":"/ids/confirm","inQuery":[],"hasBody":true,"takesKey":true,"answersJson":true} as const;
export const deleteExpiredReservations = {"method":"DELETE","path":"/ids/reservations/expired","inQuery":[],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const getTaskHistory = {"method":"GET","path":"/tasks/{task_id}/history","inQuery":["project","order","limit","cursor"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const listEvents = {"method":"GET","path":"/events","inQuery":["project","after","types","limit","wait_seconds"],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const getMetrics = {"method":"GET","path":"/metrics","inQuery":[],"hasBody":false,"takesKey":false,"answersJson":false} as const;
export const getHealth = {"method":"GET","path":"/health","inQuery":[],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const getReadiness = {"method":"GET","path":"/ready","inQuery":[],"hasBody":false,"takesKey":false,"answersJson":true} as const;
export const OPERATIONS = {
    getNextTask,
    listTasks,
    changeTasks,
    addTasks,
    claimTask,
    getTask,
    editTask,
    deleteTask,
    addNote,
    listNotes,
    updateTaskStatus,
    heartbeatClaim,
    releaseClaim,
    restoreTask,
    putNeed,
    deleteNeed,
    explainTask,
    provideArtifact,
    getGraph,
    listProjects,
    getProject,
    putProject,
    getStatistics,
    exportProject,
    importLines,
    getNextId,
    takeNextId,
    reserveIds,
    confirmReservation,
    deleteExpiredReservations,
    getTaskHistory,
    listEvents,
    getMetrics,
    getHealth,
    getReadiness,
};

/** The moves that a caller may make from each status. */
export const MOVES: Readonly<
  Record<Task['status'], readonly { readonly status: Task['status']; readonly reset: boolean }[]>
> = {"pending":[{"status":"in_progress","reset":false},{"status":"cancelled","reset":false}],"in_progress":[{"status":"completed","reset":false},{"status":"failed","reset":false},{"status":"cancelled","reset":false},{"status":"pending","reset":true}],"completed":[{"status":"pending","reset":true}],"failed":[{"status":"pending","reset":true}],"cancelled":[{"status":"pending","reset":true}]};
