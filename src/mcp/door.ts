import type { AppContext } from '../http/context.ts';
import type { Door } from '../http/error-answers.ts';
import { mcpErrorBody } from './error-body.ts';
import { metadataUrl } from './protected-resource.ts';

/** Clients that find metadata of OAuth drop a configured header, so only an issuer's tokens lead to it. */
export function mcpDoor(c: AppContext, issuer: string | undefined): Door {
  return { body: mcpErrorBody, metadataUrl: issuer === undefined ? undefined : metadataUrl(c) };
}
