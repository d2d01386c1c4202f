/** The parts of zod that the service and its OpenAPI library use; a schema that needs another adds it here. */
export {
  array,
  boolean,
  discriminatedUnion,
  enum,
  int,
  intersection,
  iso,
  literal,
  NEVER,
  number,
  object,
  record,
  strictObject,
  string,
  unknown,
  ZodType,
} from 'zod/v4';
