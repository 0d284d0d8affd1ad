/** How a page looks: on a phone and a desk, in the light and the dark, on paper. */
import { INK } from './drawing.ts'

const inks = (Object.keys(INK) as (keyof typeof INK)[]).map(
  (name) =>
    `figure svg [fill="${INK[name]}"]{fill:var(--${name})}figure svg [stroke="${INK[name]}"]{stroke:var(--${name})}`,
)

export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--card:#f5f6f8;--text:#1c2126;--soft:#5a636d;--grid:#d5dae0;--mean:#0b5fc4;--run:#5b9be8;--other:#1d8a5a;--wrong:#b4480c}
@media (prefers-color-scheme:dark){:root{--page:#14171b;--card:#1e2329;--text:#e8ebee;--soft:#a5aeb8;--grid:#3a424b;--mean:#7db7ff;--run:#4a83c4;--other:#5fcf98;--wrong:#ff9d66}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:16px;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:.4em 0}h2{font-size:1.2rem;margin:2em 0 .6em}h3{font-size:1rem;margin:0}
p{max-width:75ch}.soft,figcaption,small{color:var(--soft)}
.tiles,.charts{display:grid;gap:12px}
.tiles{grid-template-columns:repeat(auto-fit,minmax(min(100%,145px),1fr))}
.charts{grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr))}
.tile,figure{background:var(--card);border-radius:10px;padding:12px;margin:0;min-width:0}
.tile b{display:block;font-size:1.35rem;white-space:nowrap;line-height:1.25}.tile small{display:block;line-height:1.35}
figure svg{display:block;width:100%;height:auto}figcaption{font-size:.875rem}
figcaption code{display:block;margin-top:.4em;font-size:.75rem}
code span{display:inline-block;max-width:100%}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem}pre{white-space:pre-wrap;background:var(--card);border-radius:10px;padding:12px;margin:.6em 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;border-top:1px solid var(--grid)}
thead th{border:0}table.brief{width:auto}table.brief td{padding-right:24px}td.says{color:var(--soft);width:50%}td.value{white-space:nowrap}
summary{cursor:pointer;padding:6px 0}
.movie svg{max-width:620px;margin:0 auto}.movie circle{fill:var(--mean)}.movie .frozen{fill:var(--run);stroke:var(--text);stroke-width:1.5}
.movie .cut{fill:var(--wrong)}.movie line{stroke:var(--soft);stroke-opacity:.35}.movie line.stand-in{stroke:var(--other);stroke-opacity:.9}
.controls{display:flex;gap:10px;align-items:center}.controls input{flex:1;min-width:0;accent-color:var(--mean)}
button{font:inherit;min-width:84px;min-height:44px;border:1px solid var(--soft);border-radius:8px;background:var(--page);color:var(--text)}
:focus-visible{outline:3px solid var(--mean);outline-offset:2px}
.news{min-height:3em}.dot{display:inline-block;width:.75em;height:.75em;border-radius:50%;margin:0 .3em 0 .9em}
@media (max-width:600px){thead{display:none}tr{display:block;border-top:1px solid var(--grid);padding:6px 0}th,td{display:inline-block;border:0;padding:0 10px 0 0}td.says{display:block;width:auto}}
@media print{details{display:block}.controls{display:none}figure{break-inside:avoid}}
${inks.join('\n')}
`
