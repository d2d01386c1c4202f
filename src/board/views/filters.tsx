import type { RefObject } from 'preact';
import { Bulk } from '../levers/bulk.tsx';
import { Options } from '../levers/form.tsx';
import { go, hasFilter, NO_FILTER, type Place, place } from '../place/place.ts';
import { SORTS } from '../tasks/columns.ts';
import { PRIORITIES } from '../tasks/priorities.ts';

const TYPING_MS = 300;

/** The filters that are a text of their own, by what the page calls them. */
const TEXTS = [
  ['label', 'Label'],
  ['generator', 'Generator'],
  ['agent', 'Agent'],
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
        <Choice
          label="Priority"
          value={at.priority}
          options={PRIORITIES.map((name, priority) => [String(priority), `Priority ${name}`])}
          usual="Any priority"
          choose={(priority) => choose({ priority })}
        />
        <Choice
          label="Order"
          value={at.sort}
          options={Object.entries(SORTS)}
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
        {hasFilter(at) && (
          <button type="button" onClick={() => choose(NO_FILTER)}>
            Clear filters
          </button>
        )}
        <Bulk />
      </form>
    </search>
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
