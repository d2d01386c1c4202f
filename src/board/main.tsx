import { render } from 'preact';
import { App } from './app.tsx';
import { resume } from './session/session.ts';

const root = document.querySelector('#board');
root?.replaceChildren();
if (root !== null) render(<App />, root);
void resume();
