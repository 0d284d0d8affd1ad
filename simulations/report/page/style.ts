/** How a page looks: one column on a phone, charts side by side where there is room, light or dark as its reader has it. */
import { colours, dark } from './colours.ts'

const variables = (of: Readonly<Record<string, string>>) =>
  Object.entries(of)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

export const style = `
:root{color-scheme:light dark;${variables(colours)}}
@media (prefers-color-scheme:dark){:root{${variables(dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:1320px;margin:0 auto;padding:0 14px}
header{padding-top:28px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem}
h2{font-size:1.25rem;margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--grid)}
h3{font-size:1rem;margin:0 0 .3rem}
p{margin:.4rem 0;max-width:75ch}
.soft,figcaption,.tile small{color:var(--soft);font-size:.875rem}
.warning{border-left:4px solid var(--fault);padding:.2rem .8rem;margin:1rem 0}
code,pre{font-family:ui-monospace,monospace;font-size:.8125rem}
pre{white-space:pre-wrap;background:var(--panel);padding:.7rem;border-radius:6px;margin:.5rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:1.2rem 0;padding:0}
.tile{background:var(--panel);border-radius:8px;padding:.7rem .8rem;margin:0}
.tile dt{font-size:.875rem}
.tile dd{margin:0}
.tile strong{display:block;font-size:1.6rem;line-height:1.25;font-weight:650}
.tile small{display:block}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:26px 22px}
figure{margin:0;min-width:0}
figure svg{display:block;width:100%;height:auto}
figcaption code{display:block;font-size:.75rem;opacity:.85;margin-top:.2rem}
.good{color:var(--good)}
.bad{color:var(--bad);font-weight:600}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--grid);vertical-align:top;font-weight:400}
th small{display:block;color:var(--soft);max-width:70ch}
td.number{white-space:nowrap;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:650;padding:1.2rem 0 .2rem}
.track{list-style:none;margin:0;padding:0}
.track li{margin:.5rem 0}
.bar{display:block;position:relative;height:8px;background:var(--panel);border-radius:4px;margin-top:3px}
.bar i{position:absolute;top:0;height:8px;min-width:4px;border-radius:2px;background:var(--fault)}
summary{cursor:pointer;padding:.4rem 0;font-weight:600}
.movie{max-width:640px}
.movie canvas{display:block;width:100%;aspect-ratio:1;touch-action:pan-y}
@media (min-width:900px){.movie{max-width:none;display:grid;grid-template-columns:560px 1fr;grid-template-rows:auto auto 1fr;column-gap:32px}.movie canvas{grid-row:1/-1}.movie figcaption,.news{max-width:60ch}}
.controls{display:flex;gap:10px;align-items:center;margin:.5rem 0}
.controls button{font:inherit;min-width:5.2rem;min-height:44px;border:1px solid var(--soft);border-radius:6px;background:var(--panel);color:inherit}
.controls input{flex:1;min-width:0;min-height:44px;accent-color:var(--main)}
.controls output{min-width:4.6rem;font-variant-numeric:tabular-nums;text-align:right}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
.news{min-height:3em;margin:.2rem 0}
@media (max-width:560px){
  h1{font-size:1.4rem}
  .tiles{grid-template-columns:1fr 1fr}
  .tile strong{font-size:1.25rem}
  tr{display:block;border-bottom:1px solid var(--grid);padding:.4rem 0}
  th,td{display:block;border:0;padding:0}
}
@media print{.controls,.news{display:none}}
`
