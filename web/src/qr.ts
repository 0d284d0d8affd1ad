/** A QR code as one SVG path: always dark on light, since many readers know no other. */
import { html, type TemplateResult } from 'lit'
import qrcode from 'qrcode-generator'

/** The quiet zone that ISO/IEC 18004 asks for, in modules. */
const QUIET = 4

export function qr(content: string, label: string): TemplateResult {
  // Capitals and digits take 5.5 bits each in a segment of their own; what is as long as that is read close by.
  const [, head = '', tail = ''] = /^(.*?)([0-9A-Z]{64,})?$/s.exec(content) ?? []
  const code = qrcode(0, tail === '' ? 'M' : 'L')
  code.addData(head)
  if (tail !== '') code.addData(tail, 'Alphanumeric')
  code.make()
  const count = code.getModuleCount()
  const size = count + 2 * QUIET
  let path = ''
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`
    }
  }
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#1a1512" />
  </svg>`
}
