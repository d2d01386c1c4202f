import type { DomainError, ErrorCode } from '../domain/errors/index.ts';
import { errorBody } from '../http/error-answers.ts';
import { MCP_VOCABULARY } from './vocabulary.ts';

/** JSON-RPC 2.0, section 5.1; whatever it leaves to the server is -32000. */
const NUMBERS: Partial<Record<ErrorCode, number>> = {
  malformed_json: -32_700,
  validation_error: -32_600,
  internal_error: -32_603,
};

/** A refusal before the protocol is read, as an error of JSON-RPC; nobody knows its id yet. */
export function mcpErrorBody(refused: DomainError, requestId: string): object {
  const { error: message, success: _, ...data } = errorBody(refused, MCP_VOCABULARY, requestId);
  return { jsonrpc: '2.0', id: null, error: { code: NUMBERS[refused.code] ?? -32_000, message, data } };
}
