import { type SQL, sql } from 'drizzle-orm/sql';
import { isAllowed, type ProjectScope } from '../db/sql/project-scope.ts';
import type { Bind } from '../db/statement.ts';
import { type DomainError, refusal } from '../domain/errors/index.ts';
import { ARTIFACT_TYPES, isStandardType } from '../domain/ids.ts';

/** What a statement binds that gives out ids of a type. */
export type TypeValues = ProjectScope & {
  readonly project_id: string;
  readonly type: string;
  readonly is_standard: boolean;
};

/** The values for a type of a project. */
export function typeValues(project_id: string, type: string): Omit<TypeValues, keyof ProjectScope> {
  return { project_id, type, is_standard: isStandardType(type) };
}

/** `known`, one row with the `added_types` of the project, and `given` with the first of `count` numbers, if it has the type. */
export function givenNumbers(value: Bind<TypeValues>, count: SQL): SQL {
  return sql`
    known as materialized (
      select coalesce(
        (select artifact_types from projects where project_id = ${value('project_id')}),
        '[]'
      ) as added_types
      where ${isAllowed(value('project_id'), value('allowed_projects'))}
    ),
    given as materialized (
      select give_numbers(${value('project_id')}, ${value('type')}, ${count}, null) as first_number
      from known
      where ${value('is_standard')}::boolean
        or added_types ? ${value('type')}
    )`;
}

/** The refusal of a type that is neither standard nor one of those that the project adds. */
export function unknownType(artifact_type: string, added: readonly string[]): DomainError {
  return refusal('invalid_artifact_type', { artifact_type, valid_types: [...ARTIFACT_TYPES, ...added] });
}
