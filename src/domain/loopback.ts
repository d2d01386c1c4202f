/** The names of this machine in a URL, to which no foreign name can be rebound. */
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
