import type { RefObject } from 'preact';
import { Bulk } from '../levers/bulk.tsx';
import { Options } from '../levers/form.tsx';
import { filterCount, go, NO_FILTER, type Place, place } from '../place/place.ts';
import { SORTS, sortsOf } from '../tasks/columns.ts';
import { PRIORITIES } from '../tasks/priorities.ts';
import { fieldOf, momentOf } from '../text/moment-field.ts';
import { Fold } from './fold.tsx';

const TYPING_MS = 300;

/** The filters that are a text of their own, by what the page calls them. */
const TEXTS = [
  ['label', 'Label'],
  ['generator', 'Generator'],
  ['agent', 'Agent'],
] as const satisfies readonly (readonly [keyof Place, string])[];

/** The bounds of priority, 0 being the most urgent. */
const PRIORITY_BOUNDS = [
  ['priority_min', 'Priority from'],
  ['priority_max', 'Priority to'],
] as const;

const MOMENTS = [
  ['created_after', 'Created after'],
  ['created_before', 'Created before'],
  ['updated_after', 'Changed after'],
  ['updated_before', 'Changed before'],
] as const satisfies readonly (readonly [keyof Place, string])[];

let typing: ReturnType<typeof setTimeout> | undefined;
/** What was typed, in any of the fields, and has led nowhere yet; of one project. */
let typed: Partial<Place> = {};

const pending = () => (typed.project === place.value.project ? typed : {});

/** Goes where the typed texts lead, once they stand for a moment. */
function type(change: Partial<Place>): void {
  clearTimeout(typing);
  typed = { ...pending(), project: place.value.project, ...change };
  typing = setTimeout(() => choose({}, true), TYPING_MS);
}

/** Goes at once, with what was typed just before. */
function choose(change: Partial<Place>, isTyped = false): void {
  clearTimeout(typing);
  const next = { ...pending(), ...change };
  typed = {};
  go(next, isTyped);
}

/** Search, filters, order and density; all of them are part of the address. */
export function Filters({ search }: { search: RefObject<HTMLInputElement | null> }) {
  const at = place.value;
  return (
    <search>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <input
          ref={search}
          type="search"
          aria-label="Search in descriptions and notes"
          placeholder="Search  /"
          value={at.q}
          onInput={(event) => type({ q: event.currentTarget.value })}
        />
        <Fold label={filterCount(at) > 0 ? `Filters (${filterCount(at)})` : 'Filters'}>
          <Fields at={at} />
          <Bulk />
        </Fold>
      </form>
    </search>
  );
}

function Fields({ at }: { at: Place }) {
  return (
    <>
      {TEXTS.map(([name, label]) => (
        <input
          key={name}
          aria-label={label}
          placeholder={label}
          value={at[name]}
          size={10}
          onInput={(event) => type({ [name]: event.currentTarget.value })}
        />
      ))}
      {PRIORITY_BOUNDS.map(([name, label]) => (
        <Choice
          key={name}
          label={label}
          value={at[name]}
          options={PRIORITIES.map((text, priority) => [String(priority), `${label} ${text}`])}
          usual={`${label} …`}
          choose={(priority) => choose({ [name]: priority })}
        />
      ))}
      <Choice
        label="Order"
        value={at.sort}
        options={sortsOf(at).map((sort) => [sort, SORTS[sort]])}
        usual="Usual order"
        choose={(sort) => choose({ sort })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={at.density === 'dense'}
          onChange={(event) => choose({ density: event.currentTarget.checked ? 'dense' : '' })}
        />
        Dense
      </label>
      <Times at={at} />
      {filterCount(at) > 0 && (
        <button type="button" onClick={() => choose(NO_FILTER)}>
          Clear filters
        </button>
      )}
    </>
  );
}

/** The bounds of time, in the reader's own; the address has them in UTC. */
function Times({ at }: { at: Place }) {
  return (
    <details class="times" open={MOMENTS.some(([name]) => at[name] !== '')}>
      <summary>Times</summary>
      {MOMENTS.map(([name, label]) => (
        <label key={name}>
          {label}{' '}
          <input
            type="datetime-local"
            value={fieldOf(at[name])}
            onChange={(event) => choose({ [name]: momentOf(event.currentTarget.value) })}
          />
        </label>
      ))}
    </details>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  /** What stands for none. */
  readonly usual: string;
  readonly choose: (value: string) => void;
}

function Choice({ label, value, options, usual, choose }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{usual}</option>
      <Options options={options} />
    </select>
  );
}
