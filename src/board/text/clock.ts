import { computed, signal } from '@preact/signals';

const TICK_MS = 1_000;
/** The header has whole seconds, and an answer takes its time. */
const TOLERANCE_MS = 2_000;

let offset = 0;

/** The service's time in milliseconds, for this machine's clock may be off; moves each second. */
export const now = signal(Date.now());

/** Changes each half minute, for what is dear to ask for. */
export const halfMinute = computed(() => Math.floor(now.value / 30_000));

setInterval(() => {
  now.value = Date.now() + offset;
}, TICK_MS);

/** Learns from the header Date of an answer how far off this machine's clock is. */
export function tellServerTime(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(told)) return;
  const difference = told - Date.now();
  offset = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
}
