/** The page's icons: strokes on a 24-unit grid, always beside or under a label, so hidden from screen readers. */
import { html, svg, type TemplateResult } from 'lit'

const paths = {
  again: 'M20 12a8 8 0 1 1-2.5-5.8M20 4v4.5h-4.5',
  camera: 'M3 8a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2ZM15 11l6-4v10l-6-4',
  cameraOff:
    'M8 6h5a2 2 0 0 1 2 2v5M15 15v1a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8c0-.6.2-1 .6-1.4M15 11l6-4v10l-2-1.3M3 3l18 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M11 9h8a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM6 15H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v1',
  door: 'M6 20V5a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v15M3.5 20h17M14.5 12v.01',
  edit: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19ZM14 6.5l3.5 3.5',
  hangUp:
    'M3 14.5c0-1 .4-1.9 1.2-2.4C6.5 10.7 9.2 10 12 10s5.5.7 7.8 2.1c.8.5 1.2 1.4 1.2 2.4V16c0 .7-.6 1.2-1.3 1.1l-3.2-.5c-.6-.1-1-.6-1-1.2v-1.8a11 11 0 0 0-7 0v1.8c0 .6-.4 1.1-1 1.2l-3.2.5C3.6 17.2 3 16.7 3 16Z',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4Z',
  letter: 'M4 6h16v12H4ZM4 7l8 6 8-6',
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3',
  micOff:
    'M9 9v2a3 3 0 0 0 4.5 2.6M15 11V6a3 3 0 0 0-5.7-1.3M5 11a7 7 0 0 0 10.8 5.9M18.4 13.8c.4-.9.6-1.8.6-2.8M12 18v3M3 3l18 18',
  nest: 'M12 7.5a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5ZM5.5 21a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5ZM18.5 21a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5ZM11 7.5l-4.5 9M13 7.5l4.5 9M8 18.8h8',
  phone:
    'M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4Z',
  qr: 'M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h2v2h-2ZM20 14v2M18 20h2v-2M14 20h.01',
  share: 'M12 15V4M8 7.5l4-4 4 4M7 11H5v9h14v-9h-2',
  sliders: 'M4 8h9M17 8h3M15 6v4M4 16h3M11 16h9M9 14v4',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  warning: 'M12 4l9 16H3ZM12 10v4M12 17v.01',
} as const

export type IconName = keyof typeof paths

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name]} /></svg>`
}

/** Colonia's mark: an ant drawn as a graph. Its legs end where other peers would be. */
export const mark = html`<svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
  <g transform="rotate(45 24 24)" fill="currentColor" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
    <path fill="none" d="M24 14v21M24 22l-9-3-4-6M24 24l-11 1-6 3M24 26l-8 5-3 8M24 22l9-3 4-6M24 24l11 1 6 3M24 26l8 5 3 8M22 11c-1-4-3-6-6-7M26 11c1-4 3-6 6-7" />
    ${svg`<circle cx="24" cy="14" r="4.5" stroke="none" /><circle cx="24" cy="24" r="4" stroke="none" /><circle cx="24" cy="36" r="7" stroke="none" />`}
  </g>
</svg>`
