import { type Code, firstOf, form, type NoFacts } from './form.ts';

const PROJECTS_IN_SENTENCE = 5;

export const ACCESS_ERRORS = {
  missing_credential: {
    status: 401,
    meaning: 'The header Authorization is missing',
    forms: {
      missing_credential: form<NoFacts>({
        fact: 'Missing Authorization header',
        remedy: 'Send the header Authorization: Bearer <API_KEY>',
        isFixed: true,
        example: {},
      }),
    },
  },
  malformed_credential: {
    status: 401,
    meaning: 'The header Authorization is not Bearer <API_KEY>',
    forms: {
      malformed_credential: form<NoFacts>({
        fact: 'Invalid Authorization header format. Expected: Bearer <API_KEY>',
        remedy: 'Send the header Authorization: Bearer <API_KEY>',
        isFixed: true,
        example: {},
      }),
    },
  },
  // One answer for every reason, so a stranger learns nothing about the keys. The log has the reason.
  invalid_credential: {
    status: 401,
    meaning: 'The key is unknown or the token is invalid; the log says why',
    forms: {
      invalid_credential: form<NoFacts>({
        fact: 'Invalid API key',
        remedy: 'Ask the operator for another credential; the log says what is wrong with this one',
        isFixed: true,
        example: {},
      }),
    },
  },
  insufficient_scope: {
    status: 403,
    meaning: 'The credential lacks the scope that the operation needs',
    forms: {
      lacks_read: lacks('read'),
      lacks_write: lacks('write'),
      lacks_admin: lacks('admin'),
    },
  },
  project_forbidden: {
    status: 403,
    meaning:
      'The request names a project that the credential has no access to, whether or not it exists; nothing was changed',
    forms: {
      project_forbidden: form<{ project_ids: readonly string[] }>({
        fact: ({ project_ids }) =>
          `The credential does not cover the project ${firstOf(project_ids, PROJECTS_IN_SENTENCE)}`,
        remedy: 'Use one that does',
        details: (facts) => facts,
        example: { project_ids: ['ai-agent-mcp-server'] },
      }),
    },
  },
  origin_forbidden: {
    status: 403,
    meaning: 'A browser sends the request for a page whose origin the service does not know',
    forms: {
      origin_forbidden: form<NoFacts>({
        fact: 'Pages of this origin may not use the service',
        remedy: 'Add the origin to CORS_ORIGINS, or leave the header Origin out',
        example: {},
      }),
    },
  },
  authentication_unavailable: {
    status: 503,
    meaning: 'The service cannot fetch the keys that it checks tokens with',
    forms: {
      authentication_unavailable: form<NoFacts>({
        fact: 'The keys that tokens are checked with cannot be fetched',
        remedy: 'Try again in a few seconds',
        example: {},
      }),
    },
  },
} as const satisfies Readonly<Record<string, Code>>;

function lacks(scope: string) {
  return form<NoFacts>({
    fact: `The credential lacks the scope ${scope}`,
    remedy: 'Use one that has it',
    details: () => ({ scope }),
    example: {},
  });
}
