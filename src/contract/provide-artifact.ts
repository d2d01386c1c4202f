import { z } from 'zod';
import { ATTEMPT_LIMITS } from '../domain/attempts.ts';
import { LIMITS } from '../domain/task.ts';
import { sha256, total } from './attempt.ts';
import { project, unlessLeftOut } from './fields.ts';
import { text } from './text.ts';

export const provideArtifactInput = {
  fields: {
    name: text({ min: 1, max: LIMITS.artifactCharacters }).meta({ example: 'INIT-001' }),
    project,
    uri: unlessLeftOut(text({ min: 1, max: ATTEMPT_LIMITS.artifactUriCharacters }).nullable(), null),
    sha256,
    bytes: total(),
  },
};

export const provideArtifactOutput = z
  .strictObject({
    provided_artifact: z.strictObject({
      name: z.string(),
      provided_at: z.iso.datetime(),
      uri: z.string().nullable(),
      sha256: z.string().nullable(),
      bytes: z.int().nullable(),
    }),
  })
  .meta({
    example: {
      provided_artifact: {
        name: 'INIT-001',
        provided_at: '2025-10-18T10:00:00.000Z',
        uri: 'https://example.com/INIT-001.md',
        sha256: null,
        bytes: null,
      },
    },
  });
