/** What all screens share: headings, cards, fields and buttons. Colours come from the tokens in `page.css`. */
import { css } from 'lit'

export const base = css`
  * { box-sizing: border-box; }
  :host { display: block; }
  [hidden] { display: none !important; }
  h1, h2 { font-family: var(--serif); font-weight: 600; line-height: 1.15; margin: 0; text-wrap: balance; }
  h1 { font-size: clamp(1.75rem, 1.3rem + 1.8vw, 2.6rem); letter-spacing: -0.01em; }
  h1:focus { outline: none; }
  h2 { font-size: 1.25rem; }
  p { margin: 0; text-wrap: pretty; }
  .soft { color: var(--soft); }
  .small { font-size: 0.875rem; }
  .stack { display: grid; gap: 1rem; justify-items: start; }
  .row { display: flex; flex-wrap: wrap; gap: 0.625rem; align-items: center; }
  .card {
    background: var(--card); border: 1px solid var(--line); border-radius: var(--radius);
    box-shadow: var(--shadow); padding: clamp(1.125rem, 0.8rem + 1.4vw, 1.75rem);
  }
  .unseen {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap;
  }
  svg.icon {
    width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor;
    stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round;
  }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

  button, .button {
    font: inherit; font-weight: 600; color: var(--ink); background: transparent; text-decoration: none;
    border: 1.5px solid var(--line); border-radius: 999px; padding: 0.55rem 1.1rem; min-height: 2.75rem;
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem; cursor: pointer;
  }
  button:hover:not(:disabled), .button:hover { background: var(--wash); }
  button:disabled { opacity: 0.55; cursor: default; }
  button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  button.main:hover:not(:disabled), .button.main:hover { filter: brightness(1.08); background: var(--accent); }
  button.danger { background: #b5342a; border-color: #b5342a; color: #fff; }
  button.danger:hover:not(:disabled) { background: #9d2a21; }
  button.round { width: 3.25rem; height: 3.25rem; padding: 0; border-radius: 50%; }
  button.big { min-height: 3.25rem; padding-inline: 1.6rem; font-size: 1.0625rem; }

  label, .label { display: block; font-size: 0.875rem; font-weight: 600; color: var(--soft); margin-bottom: 0.3rem; }
  input, select {
    font: inherit; color: var(--ink); background: var(--paper); width: 100%; min-width: 0;
    border: 1.5px solid var(--line); border-radius: 0.75rem; padding: 0.5rem 0.8rem; min-height: 2.75rem;
  }
  select { text-overflow: ellipsis; }
  input::placeholder { color: var(--soft); opacity: 1; }

  @media (forced-colors: active) {
    button, .card { border-color: CanvasText; }
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; }
  }
`
