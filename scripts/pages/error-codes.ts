import { ERRORS, type ErrorForm } from '../../src/domain/errors/index.ts';

/** Every code of the catalog with its forms, in the order of the statuses. */
export function errorCodes() {
  return Object.entries(ERRORS)
    .map(([code, { status, meaning, forms }]) => {
      // The names are the catalog's own, and each code has one at least.
      const names = Object.keys(forms) as [ErrorForm, ...ErrorForm[]];
      return { code, status, meaning, names };
    })
    .sort((one, other) => one.status - other.status);
}
