import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DRIVERS } from '../support/database.ts';
import { type BrokenService, openBrokenService } from './broken-service.ts';
import { BY_CHANCE, CERTAIN } from './known-breakages.ts';

const TIMEOUT = { timeout: 120_000 };

describe.each(DRIVERS)('the checker over %s', (driver) => {
  let service: BrokenService;

  beforeAll(async () => {
    service = await openBrokenService(driver);
  });
  afterEach(() => service.database.inject('none'));

  it.each([...CERTAIN, ...BY_CHANCE])('the checker notices $name', TIMEOUT, async (breakage) => {
    const result = await service.findViolation(breakage, { shrink: false });
    expect(String(result.errorInstance)).toMatch(breakage.violation);
  });
});
