/** Whether a binding has a method, which is all that tells one kind from another. */
export function hasMethod<Name extends string>(
  binding: unknown,
  name: Name,
): binding is Readonly<Record<Name, unknown>> {
  // An object may be asked for any name.
  return typeof binding === 'object' && binding !== null && typeof Reflect.get(binding, name) === 'function';
}
