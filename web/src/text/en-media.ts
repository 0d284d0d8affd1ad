/** English: why a camera or a microphone is not there, and what to do about it. */
import { explain } from './explanation.ts'

export const media = {
  audio: {
    insecure: explain(
      'No microphone on this address',
      'Browsers give the microphone only to pages opened over https, or on this very machine.',
      'Open the page at its https address.',
    ),
    refused: explain(
      'The microphone was refused',
      'The browser was told not to give the microphone to this page.',
      'Allow it with the icon beside the address, then try again.',
    ),
    missing: explain(
      'No microphone found',
      'This device has none, or it is switched off.',
      'Connect one; the page will notice.',
    ),
    busy: explain(
      'The microphone is taken',
      'Another program is using it.',
      'Close that program, then try again.',
    ),
    gone: explain(
      'The microphone went away',
      'It was unplugged or switched off.',
      'Connect it, or choose another.',
    ),
    unknown: explain(
      'The microphone did not start',
      'The browser did not say why.',
      'Try again, or choose another.',
    ),
  },
  video: {
    insecure: explain(
      'No camera on this address',
      'Browsers give the camera only to pages opened over https, or on this very machine.',
      'Open the page at its https address.',
    ),
    refused: explain(
      'The camera was refused',
      'The browser was told not to give the camera to this page.',
      'Allow it with the icon beside the address, then try again.',
    ),
    missing: explain(
      'No camera found',
      'This device has none, or it is switched off.',
      'Connect one; the page will notice.',
    ),
    busy: explain(
      'The camera is taken',
      'Another program is using it.',
      'Close that program, then try again.',
    ),
    gone: explain(
      'The camera went away',
      'It was unplugged or switched off.',
      'Connect it, or choose another.',
    ),
    unknown: explain(
      'The camera did not start',
      'The browser did not say why.',
      'Try again, or choose another.',
    ),
  },
}
