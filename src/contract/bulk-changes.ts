import type { z } from 'zod';
import { editableFields } from './edit-task.ts';
import { type Input, schemaOf } from './input.ts';
import { labels } from './labels.ts';

const { generator_name, priority, not_before, max_attempts } = editableFields;

const changeFields = {
  generator_name,
  priority,
  not_before,
  max_attempts,
  labels: editableFields.labels,
  add_labels: labels.optional().meta({ description: 'Labels that each task gets besides its own' }),
  remove_labels: labels.optional().meta({ description: 'Labels that each task loses' }),
};

/** What an edit of many tasks changes; what is left out stays. */
export type Changes = z.output<z.ZodObject<typeof changeFields>>;

const CHANGEABLE = Object.keys(changeFields);

const changesRule: NonNullable<Input['rule']> = (fields, context) => {
  const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
  if (!CHANGEABLE.some((name) => fields[name] !== undefined))
    refuse(`must have at least one of ${CHANGEABLE.join(', ')}`);
  // A rule runs once each field is valid by itself.
  const { labels: all, add_labels: more, remove_labels: fewer } = fields as Changes;
  if (all !== undefined && (more ?? fewer) !== undefined)
    refuse('must not be given together with add_labels or remove_labels', 'labels');
  if (more?.some((label) => fewer?.includes(label)))
    refuse('must have no label of add_labels', 'remove_labels');
};

// schemaOf gives the schema of these very fields.
/** What an edit of many tasks may change. */
export const changes = schemaOf('field', { fields: changeFields, rule: changesRule }) as z.ZodType<Changes>;
