/** For many that collide, each over a connection of its own: they take as long as two cores need. */
export const PATIENT_POLICY = { attemptTimeout: 30_000, totalTimeout: 90_000 };
