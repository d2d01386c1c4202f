import { go } from '../place/place.ts';

/** Opens another task in the drawer. */
export function TaskLink({ id }: { id: string }) {
  return (
    <button type="button" class="link" onClick={() => go({ task: id })}>
      {id}
    </button>
  );
}
