import { afterAll } from 'vitest';
import { handOnDatabases } from './database.ts';

// Registered before the hooks of a file, so it comes after them.
afterAll(handOnDatabases);
