/**
 * What tests want of the service's patience that are not about it: many that collide, each over a connection of its
 * own, take as long as two cores need, and a slow machine is no reason to send anything again.
 */
export const PATIENT_POLICY = { attemptTimeout: 60_000, totalTimeout: 120_000 };
