import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/rest/parts.ts';
import { appUnderTest } from '../support/app.ts';
import { initOf, ONE_REQUEST_A_ROUTE } from '../support/requests.ts';

// None of these requests may get as far as the database, so there is none.
const app = appUnderTest();

const WITH_QUERY = ONE_REQUEST_A_ROUTE.filter(({ row }) => row.query !== 'ignored');
const FIELDS = ONE_REQUEST_A_ROUTE.flatMap((request) =>
  partsOf(request.row, request.operation).inBody.map((field) => ({ ...request, field })),
);

const join = (path: string) => `${path}${path.includes('?') ? '&' : '?'}`;

describe('every route of the table', () => {
  it.each(WITH_QUERY)('$route refuses a parameter that it does not know', async (request) => {
    const { status, body } = await app.get(`${join(request.path)}projct=p`, initOf(request));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'validation_error',
      details: { problems: [{ parameter: 'projct' }] },
    });
  });

  it.each(WITH_QUERY)('$route refuses a parameter that is given twice', async (request) => {
    for (const name of partsOf(request.row, request.operation).inQuery) {
      const { status, body } = await app.get(
        `${request.path.split('?')[0]}?${name}=a&${name}=b`,
        initOf(request),
      );
      expect(status).toBe(400);
      expect(body.error).toContain(`Parameter ${name} is given twice`);
    }
  });

  /** No form of JSON is impossible for these. */
  const ANY_JSON = ['result', 'checkpoint', 'metadata'];

  it.each(FIELDS.filter(({ field }) => !ANY_JSON.includes(field)))(
    '$route refuses $field of an impossible form',
    async ({ field, ...request }) => {
      const wrong = JSON.stringify({ ...request.body, [field]: { length: 1 } });
      const { status, body } = await app.get(request.path, initOf(request, wrong));
      expect(status).toBe(400);
      expect(body.code).toBe('validation_error');
      // An object that may have other fields is refused for this one, and for those that it lacks.
      const place = expect.stringMatching(new RegExp(`^${field}(\\.length)?$`));
      expect(body.details['problems']).toContainEqual(expect.objectContaining({ field: place }));
    },
  );

  it.each(FIELDS)('$route refuses $field where it comes twice', async ({ field, ...request }) => {
    const twice = `{"${field}":null,"${field}":null}`;
    const { status, body } = await app.get(request.path, initOf(request, twice));
    expect(status).toBe(400);
    expect(body.error).toBe(`Field ${field} is given twice: give it once`);
  });

  it.each(ONE_REQUEST_A_ROUTE.filter(({ body }) => body !== undefined))(
    '$route refuses a field that it does not know',
    async (request) => {
      const more = JSON.stringify({ ...request.body, prioritty: 1 });
      const { status, body } = await app.get(request.path, initOf(request, more));
      expect(status).toBe(400);
      expect(body.error).toMatch(
        /Unknown field: prioritty\. (?:Known fields: \w|The request takes no fields$)/,
      );
    },
  );
});
